// Owns the text of the documentation page and what it may load: itself, and nothing from anywhere else.

/** The page's scripts, below /docs/. */
export const nonceFile = 'nonce.js';
export const startFile = 'start.js';

/** `nonce`: fresh for each answer; lets the reference add its own style sheets, and only those. */
export function pageHtml(nonce: string, referenceFile: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<title>SignalSmith Sync Runs API</title>
<link rel="icon" href="data:,">
</head>
<body>
<div id="reference"></div>
<noscript>This page needs JavaScript. The document it shows is <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>.</noscript>
<script src="/docs/${nonceFile}"></script>
<script src="/docs/${referenceFile}"></script>
<script src="/docs/${startFile}"></script>
</body>
</html>
`;
}

/** Content-Security-Policy of the page. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src-elem 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Gives every style sheet a script adds the page's nonce: of the reference's parts only some do it themselves. */
export const nonceScript = `'use strict';
{
  const { content } = document.head.querySelector('meta[property=csp-nonce]');
  const create = document.createElement.bind(document);
  document.createElement = (name, options) => {
    const element = create(name, options);
    if (String(name).toLowerCase() === 'style') element.nonce = content;
    return element;
  };
}
`;

/**
 * Starts the reference; no fonts, proxies, measurements or assistants of its makers. Where the document cannot be had it says
 * so instead: the reference would show an empty page and throw.
 */
export const startScript = `'use strict';
const show = () => Scalar.createApiReference('#reference', {
  url: '/api/v1/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
  documentDownloadType: 'direct',
  persistAuth: false,
  authentication: { preferredSecurityScheme: 'token' },
  modelsSectionLabel: 'Schemas',
  defaultOpenFirstTag: true,
  orderSchemaPropertiesBy: 'preserve',
  hiddenClients: true,
});
const sayNot = () => {
  document.getElementById('reference').textContent =
    'The document of this API cannot be loaded now. Reload this page to try again.';
};
// The reference asks once more, and is given the answer to this: it may be kept for a minute.
fetch('/api/v1/openapi.json')
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
  .then(show)
  .catch(sayNot);
`;
