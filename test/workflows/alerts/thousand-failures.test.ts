// A thousand syncs that fail at once, from the close of each run to what has arrived at the channels: few messages, every incident
// in one of them, and a run beside them that knows nothing of it.
import { closableRuns, manySyncs } from '../../../bench/data/closable-runs';
import { createInbox, type Inbox } from '../../../demo/inbox/create-inbox';
import { closeRun, type RunEnding } from '../../../db/runs/close-run';
import { failureOf } from '../../../domain/failure';
import { judgeWatch } from '../../../worker/alerts/judge-watch';
import { Bell } from '../../../worker/reconciler/bell';
import { type Reconciler, startReconciler } from '../../../worker/reconciler/reconciler';
import { aChannelTo } from '../../factories/a-channel';
import { fastPace, keepDelivering } from '../../support/engine/delivering';
import { Engine } from '../../support/engine/engine';

const syncs = 1_000;
// As many as are closed at once by a worker that is full.
const closers = 10;
jest.setTimeout(180_000);

let engine: Engine;
let inbox: Inbox;
let syncBeside: string;
let channelIds: string[];
const bells = { closed: new Bell(), told: new Bell() };
const watching: Reconciler[] = [];

beforeAll(async () => {
  engine = await Engine.start({ withWorker: false });
  await engine.startWorker({ deliveryPace: fastPace });
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 500) n`);
  await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
  syncBeside = await engine.sync({
    sql: 'SELECT * FROM users',
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'contacts' },
  });
  await manySyncs(engine.knex, syncBeside, { syncs, runsOfEach: 1 });
  inbox = await createInbox();
  const { knex, workspaceId } = engine;
  const channels = [
    await aChannelTo(knex, { workspaceId, kind: 'slack', url: inbox.slackUrl }),
    await aChannelTo(knex, { workspaceId, kind: 'webhook', url: inbox.webhookUrl }),
  ];
  channelIds = channels.map(({ channelId }) => channelId);
  const log = {
    warn: () => undefined,
    error: (about: object) => {
      throw new Error(JSON.stringify(about));
    },
  };
  watching.push(startReconciler([judgeWatch(knex, log, bells)], log), keepDelivering(engine));
});
afterAll(async () => {
  for (const each of watching) await each.stop();
  await inbox.close();
  await engine.close();
});

/** Closes them as workflows do, many at a time. */
async function closeAll(runIds: readonly string[], ending: RunEnding): Promise<void> {
  const left = [...runIds];
  await Promise.all(
    Array.from({ length: closers }, async () => {
      for (let runId = left.pop(); runId; runId = left.pop()) {
        await closeRun(engine.knex, runId, ending);
        bells.closed.ring();
      }
    }),
  );
}

/** Once all are judged, and what gathered is due, and all is delivered. */
async function allTold(): Promise<void> {
  const { knex } = engine;
  while ((await knex('judgements_due').first('no')) !== undefined) await pause();
  // So the two minutes have passed.
  await knex('alert_deliveries').where({ gathers: true }).update({ due_at: knex.fn.now() });
  while ((await knex('alert_deliveries').where({ state: 'pending' }).first('id')) !== undefined)
    await pause();
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

interface Heard {
  readonly type: string;
  readonly data: { readonly summary: string; readonly alert_count: number };
}

const heard = (type: string): Heard[] =>
  inbox.book
    .taken()
    .flatMap(({ kind, body }) => (kind === 'webhook' ? [body as Heard] : []))
    .filter((body) => body.type === type);

/** How many alerts the messages of a channel told of that it has taken, and how many different ones. */
async function toldOn(channelId: string, type: string) {
  const { rows } = await engine.knex.raw<{ rows: { messages: number; told: number; alerts: number }[] }>(
    `SELECT count(DISTINCT d.id) AS messages, count(*) AS told, count(DISTINCT a.alert_id) AS alerts
     FROM alert_deliveries d JOIN alert_delivery_alerts a ON a.delivery_id = d.id
     WHERE d.channel_id = ? AND d.type = ? AND d.state = 'delivered'`,
    [channelId, type],
  );
  return rows[0];
}

const failing: RunEnding = { kind: 'failed', failure: failureOf('destination_auth_expired') };

test.each([
  ['fail', 'alert.raised', failing, syncs],
  ['work again', 'alert.resolved', { kind: 'finished', failure: null } as const, 0],
] as const)(
  'a thousand syncs that %s at once: two messages on each channel, with every one in them',
  async (_, type, ending, failed) => {
    const runIds = await closableRuns(engine.knex, { failing: failed });
    const [beside] = await Promise.all([engine.run(syncBeside), closeAll(runIds, ending)]);
    expect(beside).toMatchObject({ status: 'completed', counter_mismatch: 0, rows_processed: 500 });
    await allTold();

    const ended = await engine.knex('runs').whereIn('id', runIds).pluck('status');
    expect(new Set(ended)).toEqual(new Set([failed ? 'failed' : 'completed']));

    const messages = heard(`${type}.v1`);
    expect(messages).toHaveLength(2);
    expect(messages.reduce((sum, { data }) => sum + data.alert_count, 0)).toBe(syncs);
    expect(messages[1]?.data.summary).toMatch(/^[\d,]+ syncs (failed: Destination auth.* \(|work again \()/);
    for (const channelId of channelIds)
      expect(await toldOn(channelId, type)).toEqual({ messages: 2, told: syncs, alerts: syncs });
    expect(inbox.book.taken()).toHaveLength(failed ? 4 : 8);
    expect(inbox.book.calls()).toHaveLength(failed ? 4 : 8);
  },
);

test('each was one incident, opened once and resolved once', async () => {
  const { rows } = await engine.knex.raw<{ rows: { type: string; n: number; alerts: number }[] }>(
    `SELECT type, count(*) AS n, count(DISTINCT alert_id) AS alerts FROM alert_events GROUP BY type ORDER BY type`,
  );
  expect(rows).toEqual([
    { type: 'opened', n: syncs, alerts: syncs },
    { type: 'resolved', n: syncs, alerts: syncs },
  ]);
});
