// The documentation page in a real Chromium: it shows every operation, asks nobody but this process, and complains of nothing.
import type { Browser, Locator, Page } from 'playwright-core';
import { installLimitMs, openChromium } from '../support/browser/chromium';
import { type Json, type RunningApi, startApi } from './running-api';

let api: RunningApi;
let browser: Browser;

beforeAll(async () => {
  [api, browser] = await Promise.all([startApi(), openChromium()]);
}, installLimitMs);
afterAll(async () => {
  await browser.close();
  await api.stop();
});

const methods = new Set(['get', 'put', 'post', 'patch', 'delete']);

/** The line of each operation and webhook of the document. */
async function summariesOfDocument(): Promise<string[]> {
  const { body } = await api.get('/api/v1/openapi.json');
  const operations = [...Object.values<Json>(body.paths), ...Object.values<Json>(body.webhooks)].flatMap(
    (item) =>
      Object.entries<Json>(item).flatMap(([method, operation]) => (methods.has(method) ? [operation] : [])),
  );
  return operations.map(({ summary }) => summary);
}

interface Seen {
  readonly requests: string[];
  readonly complaints: string[];
}

/** Notes what the page asks for, and what it complains of. */
async function watched(page: Page): Promise<Seen> {
  const seen: Seen = { requests: [], complaints: [] };
  page.on('request', (request) => seen.requests.push(request.url()));
  page.on('websocket', (socket) => seen.requests.push(socket.url()));
  page.on('pageerror', (error) => seen.complaints.push(`thrown: ${error.message}`));
  page.on('requestfailed', (request) => seen.complaints.push(`not loaded: ${request.url()}`));
  page.on('console', (message) => {
    if (message.type() !== 'info') seen.complaints.push(`${message.type()}: ${message.text()}`);
  });
  await page.addInitScript(() => {
    // This runs in the page, where there is a document.
    const place = globalThis as unknown as EventTarget;
    place.addEventListener('securitypolicyviolation', (event) => {
      const { violatedDirective, blockedURI } = event as unknown as Record<string, string>;
      console.warn(`refused: ${violatedDirective} ${blockedURI}`);
    });
  });
  return seen;
}

// Four megabytes of script draw a hundred operations; beside other tests on two cores that takes a while. The wait is the
// shorter one, so that what was waited for is told.
jest.setTimeout(180_000);
const waitMs = 60_000;

// A library of the reference looks whether it may use eval, once, and does without.
const known = ['warning: refused: script-src eval'];

/** The page once its list is there, and that list. */
async function opened(): Promise<{ page: Page; list: Locator; seen: Seen }> {
  const page = await browser.newPage();
  page.setDefaultTimeout(waitMs);
  const seen = await watched(page);
  await page.goto(`${api.url}/docs`);
  const list = page.locator('aside').first();
  await list.getByText('Create a source', { exact: true }).waitFor();
  return { page, list, seen };
}

function expectNothingElse({ requests, complaints }: Seen): void {
  expect(requests.filter((url) => !url.startsWith(`${api.url}/`) && !url.startsWith('data:'))).toEqual([]);
  expect(requests).toContain(`${api.url}/api/v1/openapi.json`);
  expect(complaints).toEqual(known);
}

test('it lists every operation and every webhook', async () => {
  const summaries = await summariesOfDocument();
  expect(summaries.length).toBeGreaterThan(80);
  const { page, list, seen } = await opened();
  // All at once: after each click by hand the page would be drawn anew.
  const closed = list.getByRole('button').filter({ hasText: 'Open Group', hasNotText: 'Schemas' });
  await closed.evaluateAll((buttons: { click(): void }[]) => buttons.forEach((button) => button.click()));
  await list.getByText(summaries.at(-1) ?? '', { exact: true }).waitFor();
  const lines = new Set((await list.innerText()).split('\n'));
  expect(summaries.filter((summary) => !lines.has(summary))).toEqual([]);
  expectNothingElse(seen);
  await page.close();
});

test('it shows what a webhook is sent', async () => {
  const { page, list, seen } = await opened();
  await list.getByRole('button').filter({ hasText: 'Alerts' }).click();
  await list.getByText('Alerts were opened', { exact: true }).click();
  const shown = page
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: 'Alerts were opened' }) });
  await shown.getByText('webhook-signature').first().waitFor();
  expectNothingElse(seen);
  await page.close();
});
