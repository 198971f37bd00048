// Owns the scenario of an API that is killed while users trigger, each trigger under a key that is sent again until it is
// answered (D6): each key is one run, and each run ends.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiReply, ChaosPlace } from '../place/chaos-place';
import { resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { misfitFacts, misfits } from './double-starts';
import { waitFor } from '../place/wait-for';

const forms = {
  short: { syncs: 3, triggersEach: 4, kills: 1 },
  full: { syncs: 10, triggersEach: 20, kills: 6 },
};

export const apiKills: Scenario = {
  ids: ['D6'],
  workers: 2,
  async run({ place, ledgers, form, random, say }) {
    const { syncs: count, triggersEach, kills } = forms[form];
    const syncs: ChaosSync[] = [];
    for (let at = 0; at < count; at += 1)
      syncs.push(
        await ChaosSync.make(place, {
          name: `asked_${at}`,
          rows: 20,
          ledger: ledgers.add(`asked-${at}`, 'upsert'),
        }),
      );
    const sent = count * triggersEach;
    const accepted: string[] = [];
    let answered = 0;
    let replayed = 0;
    const asking = syncs.map(async ({ id }) => {
      for (let at = 0; at < triggersEach; at += 1) {
        const reply = await untilAnswered(place, `/api/v1/syncs/${id}/trigger`, `${id}/${at}`);
        if (reply.status === 202) accepted.push(String(reply.body.id));
        if (reply.headers.get('idempotency-replayed') === 'true') replayed += 1;
        answered += 1;
      }
    });
    for (let killed = 0; killed < kills; killed += 1) {
      const enough = accepted.length + sent / (kills * 2);
      await waitFor('a few triggers between two kills', 60_000, () =>
        accepted.length >= enough || answered === sent ? true : null,
      );
      await sleep(random.between(0, 30));
      await place.programs.killApi();
      await place.programs.startApi();
      say(`kill ${killed + 1}: ${answered} of ${sent} triggers answered, ${replayed} of them a second time`);
    }
    await Promise.all(asking);
    const open = async (): Promise<number> => {
      const [left] = await place.ask<{ n: number }>(
        'SELECT count(*)::int AS n FROM runs WHERE completed_at IS NULL',
      );
      return left?.n ?? 0;
    };
    await waitFor('the end of all runs', 240_000, async () => ((await open()) === 0 ? true : null)).catch(
      () => undefined,
    );
    const runs = await place.ask<{ id: string; status: string }>(
      'SELECT id, status FROM runs WHERE sync_id = ANY($1)',
      [syncs.map(({ id }) => id)],
    );
    const ids = new Set(runs.map(({ id }) => id));
    const missing = accepted.filter((id) => !ids.has(id)).length;
    const notCompleted = runs.filter(({ status }) => status !== 'completed').length;
    return [
      resultOf(
        {
          id: 'D6',
          fault: `API SIGKILLed ${kills} times during ${sent} triggers`,
          expected: 'each key is one run, however often it was sent; every run ends',
        },
        [
          {
            text: `${sent} keys, ${accepted.length} accepted, ${replayed} after their effect, ${runs.length} runs`,
            holds: accepted.length === sent && runs.length === sent,
          },
          {
            text: `${missing} accepted without a run`,
            holds: missing === 0 && new Set(accepted).size === accepted.length,
          },
          { text: `${notCompleted} not completed`, holds: notCompleted === 0 },
          ...misfitFacts(await misfits(place, syncs)),
        ],
      ),
    ];
  },
};

/** As a user does whose call was lost: sent again, under its key, when there is somebody to ask. */
async function untilAnswered(place: ChaosPlace, path: string, key: string): Promise<ApiReply> {
  for (;;) {
    const reply = await place.send('POST', path, undefined, { 'idempotency-key': key });
    if (reply.status !== 0 && reply.status !== 409 && reply.status !== 503) return reply;
    await untilAlive(place);
  }
}

async function untilAlive(place: ChaosPlace): Promise<void> {
  await waitFor('the API', 60_000, async () =>
    (await place.send('GET', '/livez')).status === 200 ? true : null,
  );
}
