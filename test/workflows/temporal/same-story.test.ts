// A cancelled, a failed, a retried and a resumed run, read in three places: the API, the run's events, Temporal.
import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

let engine: Engine;
let api: EngineApi;
let crm: TestCrm;
let sync: string;

beforeAll(async () => {
  [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
  api = await engineApi(engine);
  await engine.warehouse.raw(`CREATE TABLE users AS
    SELECT 'u' || n AS id, CASE n WHEN 7 THEN 'no address' ELSE 'e' || n || '@example.org' END AS email,
      'Diaz' AS last_name FROM generate_series(1, 40) n`);
  sync = await engine.sync({
    sql: 'SELECT * FROM users',
    mapping: contactMapping,
    destination: crm.destination({ batch_rows: 10, concurrency: 1 }),
  });
});
afterAll(async () => {
  await api.close();
  await Promise.all([engine.close(), crm.close()]);
});

/** What all three places have to agree on. */
interface Story {
  readonly status: string;
  readonly outcome: string;
  /** The sentence; null when the run did not fail. */
  readonly failure: string | null;
  readonly retryOf: string | null;
  readonly rowsRead: number;
  /** Rows that were to be sent. */
  readonly changes: number;
}

async function toldByApi(runId: string): Promise<Story> {
  const { body: run } = await api.get(`/syncs/${sync}/runs/${runId}`);
  const { summary } = run;
  return {
    status: run.status,
    outcome: run.outcome,
    failure: run.failure && run.failure.message,
    retryOf: run.retry_of,
    rowsRead: summary.total_rows,
    changes: summary.created + summary.failed + summary.not_attempted + summary.unknown,
  };
}

interface ShownEvent {
  readonly type: string;
  readonly detail: Record<string, number> & { outcome: string; failure: string | null; retry_of?: string };
}

async function eventsByApi(runId: string): Promise<ShownEvent[]> {
  return (await api.get(`/syncs/${sync}/runs/${runId}/events`)).body.data;
}

async function toldByEvents(runId: string): Promise<Story> {
  const events = await eventsByApi(runId);
  const of = (wanted: string) => events.find(({ type }) => type === wanted)?.detail;
  const [queued, end, planned] = [events[0], events.at(-1), of('changes_planned')];
  return {
    status: end?.type.replace('run_', '') ?? '',
    outcome: end?.detail.outcome ?? '',
    failure: end?.detail.failure ?? null,
    retryOf: queued?.detail.retry_of ?? null,
    rowsRead: of('model_read')?.['rows_read'] ?? -1,
    changes: (planned?.['creates'] ?? 0) + (planned?.['updates'] ?? 0) + (planned?.['deletes'] ?? 0),
  };
}

/** What the Web UI shows: status, summaries of the bars, details, and why it failed. */
async function toldByTemporal(runId: string): Promise<Story> {
  const handle = engine.client.workflow.getHandle(runId);
  const [described, { events }, { currentDetails }] = await Promise.all([
    handle.describe(),
    handle.fetchHistory(),
    handle.query<{ currentDetails: string }>('__temporal_workflow_metadata'),
  ]);
  const bars = (events ?? []).flatMap(({ userMetadata }) => {
    const text = userMetadata?.summary?.data;
    return text ? [Buffer.from(text).toString()] : [];
  });
  const numberIn = (texts: (string | undefined)[], pattern: RegExp): number =>
    Number(texts.flatMap((text) => pattern.exec(text ?? '')?.[1] ?? [])[0] ?? -1);
  const failed = events?.at(-1)?.workflowExecutionFailedEventAttributes;
  const details = await described.staticDetails();
  return {
    status: described.status.name.toLowerCase(),
    outcome: /^\w+ \((\w+)\)/.exec(currentDetails)?.[1] ?? '',
    failure: failed?.failure?.message ?? null,
    retryOf: /\*\*Retry of\*\* `(\w+)`/.exec(details ?? '')?.[1] ?? null,
    rowsRead: numberIn([currentDetails], /(\d+) rows read/),
    changes: numberIn(bars, /Write (\d+) changes/),
  };
}

/** Holds all three against `story`, and the counts on the way to the identity. */
async function expectOneStory(runId: string, story: Story): Promise<void> {
  await engine.ended(runId);
  expect(await toldByApi(runId)).toEqual(story);
  expect(await toldByEvents(runId)).toEqual(story);
  expect(await toldByTemporal(runId)).toEqual(story);
}

test('all three places tell the same of a run that was cancelled, resumed, failed and retried', async () => {
  const trigger = async (): Promise<string> => (await api.post(`/syncs/${sync}/trigger`, {})).body.id;
  const again = async (runId: string, scope: string): Promise<string> => {
    const { status, body } = await api.post(`/syncs/${sync}/runs/${runId}/retry`, { scope });
    expect(status).toBe(202);
    return body.id;
  };

  crm.crm.behaviour.change({ latency_ms: 700 });
  const cancelled = await trigger();
  await until('the first batch', () => crm.crm.book.stats().contacts > 0);
  expect((await api.post(`/syncs/${sync}/runs/${cancelled}/cancel`)).status).toBe(202);
  const story = { retryOf: null, failure: null, rowsRead: 40, changes: 40 };
  await expectOneStory(cancelled, { ...story, status: 'cancelled', outcome: 'partial' });
  expect((await eventsByApi(cancelled)).map(({ type }) => type)).toContain('cancel_requested');

  crm.crm.behaviour.change({ latency_ms: 0 });
  const sentBefore = Object.keys(crm.emails()).length;
  const resumed = await again(cancelled, 'not_attempted');
  await expectOneStory(resumed, {
    ...story,
    status: 'completed',
    outcome: 'clean',
    retryOf: cancelled,
    changes: 39 - sentBefore,
  });

  await engine.warehouse.raw(`UPDATE users SET email = 'e7@example.org' WHERE id = 'u7'`);
  await engine.warehouse.raw(`INSERT INTO users SELECT 'v' || n, 'v' || n || '@example.org', 'Diaz'
    FROM generate_series(1, 29) n`);
  crm.crm.behaviour.change({ latency_ms: 700 });
  const failed = await trigger();
  await until('a new contact', () => Object.keys(crm.emails()).length > 39);
  crm.crm.behaviour.change({ expire_key: true });
  await expectOneStory(failed, {
    status: 'failed',
    outcome: 'partial',
    failure: 'Destination authentication expired',
    retryOf: null,
    rowsRead: 69,
    changes: 30,
  });

  crm.crm.behaviour.change({ latency_ms: 0, expire_key: false });
  const sentSince = Object.keys(crm.emails()).length;
  const retried = await again(failed, 'all');
  await expectOneStory(retried, {
    status: 'completed',
    outcome: 'clean',
    failure: null,
    retryOf: failed,
    rowsRead: 69,
    changes: 69 - sentSince,
  });
  expect(Object.keys(crm.emails())).toHaveLength(69);
});
