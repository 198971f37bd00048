// A sync whose queue is full, through the API: who is refused, and who gets the answer given before.
import { closeRun } from '../../db/runs/close-run';
import { mostQueuedRuns } from '../../db/runs/queue-limit';
import { aQueuedRun } from '../factories/a-planned-run';
import { aRun } from '../factories/a-run';
import { aSync } from '../factories/a-sync';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test('a trigger and a retry beyond a hundred waiting runs are 409, and a key’s first answer is given all the same', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const ended = await aRun(api.knex, { sync });
  const post = (path: string, key: string) =>
    api.send(`/api/v1/syncs/${sync.id}${path}`, { method: 'POST', headers: { 'Idempotency-Key': key } });
  const first = await post('/trigger', 'first');
  for (let at = 0; at < mostQueuedRuns; at += 1) await aQueuedRun(api.knex, sync);
  for (const refused of [
    await api.post(`/api/v1/syncs/${sync.id}/trigger`),
    await post('/trigger', 'second'),
    await post(`/runs/${ended.id}/retry`, 'third'),
  ]) {
    expect([refused.status, refused.body.code]).toEqual([409, 'queue_full']);
    expect(refused.body.detail).toContain('100 runs of this sync are waiting');
  }
  const again = await post('/trigger', 'first');
  expect([again.status, again.body]).toEqual([202, first.body]);
  // Nothing is kept of a refusal: once there is room, its key may come again.
  await closeRun(api.knex, first.body.id, { kind: 'cancelled', failure: null });
  expect((await post('/trigger', 'second')).status).toBe(202);
});
