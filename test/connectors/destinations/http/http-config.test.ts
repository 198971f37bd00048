// The configuration of an HTTP destination: what it takes, its defaults, and that every fault is told at once.
import { ConnectorFailure } from '../../../../connectors/connector-failure';
import { readHttpConfig } from '../../../../connectors/destinations/http/http-config';
import { httpDestination } from '../../../../connectors/destinations/http/http-destination';

const url = 'https://crm.example.com/contacts/batch';
const read = (config: Record<string, unknown>, secrets: Record<string, unknown> = {}) =>
  readHttpConfig({ kind: 'http', config, secrets });
const faultsOf = (config: Record<string, unknown>, secrets: Record<string, unknown> = {}): string => {
  try {
    read(config, secrets);
  } catch (error) {
    if (error instanceof ConnectorFailure && error.failure.code === 'destination_misconfigured')
      return error.message;
    throw error;
  }
  return 'none';
};

test('an address is enough; everything else has a default', () => {
  expect(read({ url })).toMatchObject({
    method: 'POST',
    deleteUrl: null,
    deleteMethod: 'POST',
    batchRows: 500,
    concurrency: 3,
    timeoutMs: 30_000,
    rowsPerSecond: null,
    requestsPerSecond: null,
    rowsField: null,
    operationField: null,
    results: null,
  });
});

test('secret headers join the public ones and win over them, whatever their case', () => {
  const { headers } = read({ url, headers: { 'X-Team': 'a', accept: 'b' } }, { headers: { 'x-TEAM': 'c' } });
  expect(headers).toEqual({ 'x-team': 'c', accept: 'b' });
});

test('credentials that were stored in clear are sent, and hidden from messages', () => {
  const [api_key, sig] = ['canary-in-url', 'canary-in-delete'];
  const config = read({ url: `${url}?api_key=${api_key}`, delete_url: `${url}?team=x&sig=${sig}` });
  expect(config.url).toBe(`${url}?api_key=${api_key}`);
  expect(new Set(config.secretTexts)).toEqual(new Set([api_key, sig]));
  const headers = { 'X-Api-Key': 'canary-in-header', 'X-Team': 'growth' };
  expect(new Set(read({ url, headers }).secretTexts)).toEqual(new Set(['canary-in-header']));
});

test.each([
  [{}, 'url'],
  [{ url: 'crm.example.com' }, 'url: is not an address'],
  [{ url: 'ftp://crm.example.com' }, 'url: must begin with http'],
  [{ url: 'https://me:pw@crm.example.com' }, 'url: must not hold a user or password'],
  [{ url, delete_url: 'x' }, 'delete_url'],
  [{ url, method: 'GET' }, 'method'],
  [{ url, batch_rows: 0 }, 'batch_rows'],
  [{ url, batch_rows: 10_001 }, 'batch_rows'],
  [{ url, concurrency: 65 }, 'concurrency'],
  [{ url, concurrency: 1.5 }, 'concurrency'],
  [{ url, timeout_seconds: 0 }, 'timeout_seconds'],
  [{ url, rows_per_second: -1 }, 'rows_per_second'],
  [{ url, requests_per_second: 0 }, 'requests_per_second'],
  [{ url, batchRows: 5 }, 'batchRows'],
  [{ url, headers: { 'a b': 'c' } }, '"a b" is not a header name'],
  [{ url, headers: { a: 'b\r\nc: d' } }, 'headers.a'],
  [{ url, headers: { 'Content-Length': '1' } }, 'headers.Content-Length: is set by the call itself'],
  [{ url, response: { results_field: 'results' } }, 'response: match_by is missing'],
  [{ url, response: { match_by: 'index' } }, 'response: a result per row needs status_field or errors_field'],
  [
    { url, response: { match_by: 'index', status_field: 's' } },
    'response: status_field needs created_values',
  ],
  [{ url, request: { rows: 'x' } }, 'request'],
])('%j is refused with %j', (config, fault) => {
  expect(faultsOf(config)).toContain(fault);
});

test('all faults are told at once, and no secret with them', () => {
  const faults = faultsOf(
    { url: 'x', batch_rows: 0 },
    { headers: { Authorization: 'Bearer very-secret\n' } },
  );
  expect(faults).toContain('url: ');
  expect(faults).toContain('batch_rows: ');
  expect(faults).toContain('secrets.headers.Authorization: ');
  expect(faults).not.toContain('very-secret');
});

test('the habits follow the configuration', async () => {
  const habitsOf = async (config: object) => {
    const destination = httpDestination({ kind: 'http', config: { url, ...config }, secrets: {} });
    await destination.close();
    return destination.habits;
  };
  // 10 s for a slot + 2 × 30 s + 10 s of pauses + 30 s for what is still worked on over there.
  expect(await habitsOf({})).toEqual({
    batchRows: 500,
    batchBytes: Math.floor((16 * 1024 * 1024) / 6),
    lanes: 3,
    lanesAhead: 3,
    atomicRows: 0,
    writeDeadlineMs: 110_000,
  });
  // 10 s for a slot + 2 × 5 s + 10 s of pauses + 2 lanes × 10 s of turns + 5 s.
  expect(await habitsOf({ concurrency: 2, timeout_seconds: 5, rows_per_second: 20 })).toEqual({
    batchRows: 200,
    batchBytes: 4 * 1024 * 1024,
    lanes: 2,
    lanesAhead: 0,
    atomicRows: 0,
    writeDeadlineMs: 55_000,
  });
});

test.each([
  [1, 4096],
  [3, 2730],
  [16, 512],
  [64, 256],
])(
  'with concurrency %i a batch holds %i KiB at most, so that all lanes together hold 16 MiB or little more',
  (concurrency, kibibytes) => {
    const { batchBytes } = httpDestination({
      kind: 'http',
      config: { url, concurrency },
      secrets: {},
    }).habits;
    expect(Math.floor(batchBytes / 1024)).toBe(kibibytes);
  },
);
