// The documentation page: everything it needs comes from this process, and nothing else is allowed to it.
import http from 'node:http';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
}

async function get(path: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  const asked = http.get(`${api.url}${path}`, { headers });
  const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
  return { status: answer.statusCode ?? 0, headers: answer.headers, bytes: await buffer(answer) };
}

function directives(policy: string | string[] | undefined): Map<string, string> {
  return new Map(
    String(policy)
      .split('; ')
      .map((part) => [part.split(' ')[0] ?? '', part.split(' ').slice(1).join(' ')]),
  );
}

test('the page loads its own scripts and nothing from anywhere else', async () => {
  const { status, headers, bytes } = await get('/docs');
  const html = bytes.toString();
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-store',
  ]);
  expect(html).not.toMatch(/https?:\/\//);
  const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
  expect(scripts).toHaveLength(3);
  for (const [, attributes, content] of scripts) {
    expect(attributes).toMatch(/^ src="\/docs\/[\w.-]+\.js"$/);
    expect(content).toBe('');
  }
  expect(html).not.toMatch(/\son\w+=|javascript:|style=/);
});

test('its policy allows no script in the page, no eval, and no other host', async () => {
  const policy = directives((await get('/docs')).headers['content-security-policy']);
  expect(policy.get('default-src')).toBe("'none'");
  expect(policy.get('script-src')).toBe("'self'");
  expect(policy.get('connect-src')).toBe("'self'");
  expect(policy.get('style-src-elem')).toMatch(/^'nonce-[\w-]{22}'$/);
  for (const closed of ['base-uri', 'form-action', 'frame-ancestors'])
    expect(policy.get(closed)).toBe("'none'");
  const values = [...policy.values()].join(' ');
  expect(values).not.toMatch(/unsafe-eval|https?:|\*|blob:/);
  expect(policy.get('script-src')).not.toContain('unsafe-inline');
});

test('whatever style sheet the reference adds has the nonce: the script that sees to it runs before', async () => {
  const html = (await get('/docs')).bytes.toString();
  const [first] = [...html.matchAll(/<script src="([^"]+)">/g)].map(([, path]) => path);
  const document = {
    head: { querySelector: (selector: string) => ({ content: `content of ${selector}` }) },
    createElement: (name: string) => ({ name }),
  };
  runInNewContext((await get(String(first))).bytes.toString(), { document });
  for (const name of ['style', 'STYLE'])
    expect(document.createElement(name)).toEqual({ name, nonce: 'content of meta[property=csp-nonce]' });
  expect(document.createElement('script')).toEqual({ name: 'script' });
});

test('the nonce of its policy is in the page, and is another one each time', async () => {
  const nonces = new Set<string>();
  for (let times = 0; times < 3; times += 1) {
    const { headers, bytes } = await get('/docs');
    const [, nonce = ''] = /'nonce-([\w-]+)'/.exec(String(headers['content-security-policy'])) ?? [];
    expect(bytes.toString()).toContain(`<meta property="csp-nonce" content="${nonce}">`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

test('its scripts come with an ETag; the large one, named after its bytes, may be kept for ever', async () => {
  const html = (await get('/docs')).bytes.toString();
  const [nonce = '', reference = '', start = ''] = [...html.matchAll(/src="([^"]+)"/g)].map(
    ([, path]) => path ?? '',
  );
  const large = await get(reference);
  const copy = join(__dirname, '..', '..', 'api', 'openapi', 'page', 'vendor', 'standalone.js');
  expect(large.bytes.equals(readFileSync(copy))).toBe(true);
  expect(large.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(large.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const files = [[reference, large] as const];
  for (const own of [nonce, start]) {
    const small = await get(own);
    expect(small.headers['cache-control']).toBe('public, no-cache');
    files.push([own, small]);
  }
  for (const [path, answer] of files) {
    const again = await get(path, { 'If-None-Match': answer.headers.etag });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
  }
});

test('the start script points the reference at our document, and switches off what would call its makers', async () => {
  const script = (await get('/docs/start.js')).bytes.toString();
  expect(script).toContain("url: '/api/v1/openapi.json'");
  for (const off of ['withDefaultFonts: false', 'telemetry: false', 'agent: { disabled: true }']) {
    expect(script).toContain(off);
  }
  expect(script).not.toMatch(/https?:|proxy|eval|Function\(/);
});

test('where the document cannot be loaded the page says so, and nothing is thrown', async () => {
  const script = (await get('/docs/start.js')).bytes.toString();
  const answers: Record<string, () => Promise<unknown>> = {
    'no network': () => Promise.reject(new TypeError('Failed to fetch')),
    'a refusal': async () => ({ ok: false, status: 503 }),
    'no JSON': async () => ({ ok: true, json: () => Promise.reject(new SyntaxError('<')) }),
    'the document': async () => ({ ok: true, json: async () => ({ openapi: '3.1.1' }) }),
  };
  for (const [what, answer] of Object.entries(answers)) {
    const place = { textContent: '' };
    const shown: string[] = [];
    runInNewContext(script, {
      document: { getElementById: (id: string) => (id === 'reference' ? place : null) },
      fetch: answer,
      Scalar: { createApiReference: (selector: string) => shown.push(selector) },
    });
    await new Promise(setImmediate);
    const isThere = what === 'the document';
    expect([what, shown]).toEqual([what, isThere ? ['#reference'] : []]);
    const said = isThere ? '' : expect.stringMatching(/^The document .+ cannot be loaded/);
    expect([what, place.textContent]).toEqual([what, said]);
  }
});

test('other files from beside them are not there', async () => {
  const others = [
    'manifest.json',
    'LICENSE',
    '..%2fpage-html.ts',
    '..%2f..%2f..%2f..%2fpackage.json',
    'standalone.js',
    '%00',
  ];
  for (const path of others.map((name) => `/docs/${name}`)) {
    const { status, headers } = await get(path);
    expect([path, status, headers['content-type']]).toEqual([path, 404, 'application/problem+json']);
  }
});

test('everything else tells a browser to run, frame and embed nothing', async () => {
  for (const path of ['/api/v1/sources', '/livez', '/problems', '/nothing', '/api/v1/openapi.json', '/']) {
    const { headers } = await get(path);
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['set-cookie']).toBeUndefined();
  }
});

test('no other origin may read an answer: there is no word of CORS, asked or not', async () => {
  for (const headers of [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' },
  ]) {
    for (const path of ['/api/v1/sources', '/api/v1/openapi.json', '/docs', '/livez']) {
      const answer = await get(path, headers);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    const preflight = await fetch(`${api.url}/api/v1/sources`, { method: 'OPTIONS', headers });
    expect([401, 405]).toContain(preflight.status);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  }
});
