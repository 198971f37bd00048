// Owns the words printed once everything runs: addresses, token, and the calls to paste. Prints nothing itself.

export interface DemoIds {
  syncId: string;
  /** The run of the product page's example. */
  runId: string;
  /** What the CRM holds; null when the demo did not say. */
  contacts: number | null;
}

export interface ReadyFacts {
  apiUrl: string;
  temporalUiUrl: string | null;
  apiToken: string;
  crmUrl: string | null;
  inboxUrl: string | null;
  demo: DemoIds | null;
  logsFolder: string;
  elapsedSeconds: number;
}

/** The address to reach a server at that listens on host:port, from this machine. */
export function apiBaseUrl(host: string, port: number): string {
  const reachable =
    host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return `http://${reachable}:${port}`;
}

/** The Ready block, line by line. The curl calls are complete: they can be pasted one by one into any shell. */
export function readyBlock(facts: ReadyFacts): string {
  const { demo, apiUrl, apiToken } = facts;
  const syncs = `${apiUrl}/api/v1/syncs`;
  const auth = `-H "Authorization: Bearer ${apiToken}"`;
  const contacts = demo?.contacts == null ? '' : `  (${demo.contacts.toLocaleString('en-US')} contacts)`;
  const addresses = [
    `  API                ${apiUrl}`,
    `  its documentation  ${apiUrl}/docs`,
    ...(facts.temporalUiUrl === null ? [] : [`  Temporal Web UI    ${facts.temporalUiUrl}`]),
    ...(facts.crmUrl === null ? [] : [`  demo CRM           ${facts.crmUrl}${contacts}`]),
    ...(facts.inboxUrl === null ? [] : [`  alerts (inbox)     ${facts.inboxUrl}`]),
    `  token              ${apiToken}`,
    `  logs               ${facts.logsFolder}`,
  ];
  const calls =
    demo === null
      ? ['  List the syncs', `curl ${syncs} ${auth}`]
      : [
          '  List runs',
          `curl ${syncs}/${demo.syncId}/runs ${auth}`,
          '  Get run details',
          `curl ${syncs}/${demo.syncId}/runs/${demo.runId} ${auth}`,
          '  Get run errors',
          `curl ${syncs}/${demo.syncId}/runs/${demo.runId}/errors ${auth}`,
          '  Trigger a run',
          `curl -X POST ${syncs}/${demo.syncId}/trigger ${auth}`,
          '  Or from another terminal',
          'npm run -s signalsmith -- runs list',
        ];
  const seconds = facts.elapsedSeconds.toFixed(1);
  return [
    '',
    `Ready in ${seconds} s`,
    '',
    ...addresses,
    '',
    ...calls,
    '',
    'Ctrl-C stops everything and keeps the data.',
    '',
  ].join('\n');
}
