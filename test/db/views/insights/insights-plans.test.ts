// What insights ask of a long history reads none of its tables from end to end: the very statements, as they were sent.
import type { Knex } from 'knex';
import { Client } from 'pg';
import { fillHistory, type History } from '../../../../bench/data/history';
import { type PlanNode, planOf, readsWhole, sentBy } from '../../../../bench/data/plans';
import type { SyncPlace } from '../../../../db/configuration/sync-lock';
import { connect } from '../../../../db/connect';
import { comparableRuns, earlierRuns } from '../../../../db/views/insights/comparable-runs-view';
import { scheduleProgress } from '../../../../db/views/insights/schedule-progress-view';
import { syncHealth } from '../../../../db/views/insights/sync-health-view';
import { lastEndedRuns, trendDays } from '../../../../db/views/insights/trend-view';
import { aSync } from '../../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../../support/database';

let database: TestDatabase;
let knex: Knex;
let explainer: Client;
let history: History;
let workspaceId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 3 });
  const sync = await aSync(knex);
  workspaceId = sync.workspaceId;
  // The planner chooses at this size what it chooses at a million: the shares are the same. The runs cover four weeks.
  history = await fillHistory(knex, sync.id, { runs: 40_000, rowErrors: 2_000, syncs: 200 });
  await knex.raw(
    `INSERT INTO sync_schedules (sync_id, workspace_id, interval_seconds) SELECT id, workspace_id, 3600 FROM syncs`,
  );
  await knex.raw('ANALYZE sync_schedules');
  explainer = new Client({ connectionString: database.url });
  await explainer.connect();
}, 60_000);
afterAll(async () => {
  await explainer.end();
  await knex.destroy();
  await database.drop();
});

const dayMs = 86_400_000;
const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs);

/** Explains all that `work` sends; returns the nodes that read runs. */
async function expectKeyed(work: () => Promise<unknown>): Promise<PlanNode[]> {
  const sent = await sentBy(knex, work);
  expect(sent.length).toBeGreaterThan(0);
  const nodes: PlanNode[] = [];
  for (const statement of sent) nodes.push(...(await planOf(explainer, statement)));
  expect(nodes.filter(readsWhole)).toEqual([]);
  return nodes.filter((node) => node['Relation Name'] === 'runs');
}

const byEnd = { 'Node Type': 'Index Only Scan', 'Index Name': 'runs_of_sync_by_end' };

test.each([1, 7, 30])(
  'the health of a workspace over %d days reads an index alone, sync by sync',
  async (days) => {
    const period = { from: daysAgo(days), until: new Date() };
    const [figures, ...links] = await expectKeyed(() => syncHealth(knex, workspaceId, period, 10));
    expect(figures).toMatchObject({
      ...byEnd,
      'Index Cond': expect.stringMatching(/sync_id = .*completed_at >= .*completed_at </),
    });
    // Of ten runs by their very moment the ids.
    expect(links).toMatchObject([{ 'Index Cond': expect.stringContaining('completed_at = ') }]);
  },
);

test('the schedules of a workspace are looked at by their syncs', async () => {
  await expectKeyed(() => scheduleProgress(knex, workspaceId));
});

test('trends of a sync, by run and by day, and what they are judged by', async () => {
  for (const syncId of [history.busySync, history.usualSync]) {
    const place: SyncPlace = { workspaceId, syncId };
    // Of a sync that has a fifth of all runs the last ones are soon found among the last of all.
    if (syncId === history.usualSync) await expectKeyed(() => lastEndedRuns(knex, place, 500));
    for (const days of [1, 30, 90]) {
      expect(await expectKeyed(() => trendDays(knex, place, daysAgo(days), new Date()))).toMatchObject([
        byEnd,
      ]);
      await expectKeyed(() =>
        comparableRuns(knex, place, { from: daysAgo(days), until: new Date(), most: 2_200 }),
      );
      for (const node of await expectKeyed(() => earlierRuns(knex, place, daysAgo(days), 1_500)))
        expect(node).toMatchObject(byEnd);
    }
  }
});
