// Owns the scenario of an API that is killed while users trigger (D6): what was accepted is a run, once, and each run ends.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosPlace } from '../support/chaos-place';
import { resultOf, type Scenario } from './chaos-result';
import { ChaosSync } from './chaos-sync';
import { misfitFacts, misfits } from './double-starts';
import { waitFor } from './wait-for';

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
    const asking = syncs.map(async ({ id }) => {
      for (let at = 0; at < triggersEach; at += 1) {
        const reply = await place.send('POST', `/api/v1/syncs/${id}/trigger`);
        if (reply.status === 202) accepted.push(String(reply.body.id));
        // A user whose call was lost comes back when there is somebody to ask; the call itself is not repeated.
        if (reply.status === 0) await untilAlive(place);
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
      say(
        `kill ${killed + 1}: ${answered} of ${sent} triggers answered or lost, ${accepted.length} accepted`,
      );
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
          expected: 'each accepted trigger is one run, accepted <= runs <= sent, every run ends',
        },
        [
          {
            text: `${accepted.length} accepted, ${runs.length} runs, ${sent} sent`,
            // One kill of a few triggers may come when none of them is on its way; of six one always hits.
            holds:
              accepted.length <= runs.length &&
              runs.length <= sent &&
              (form === 'short' || accepted.length < sent),
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

async function untilAlive(place: ChaosPlace): Promise<void> {
  await waitFor('the API', 60_000, async () =>
    (await place.send('GET', '/livez')).status === 200 ? true : null,
  );
}
