// Owns the scenario of worker and PostgreSQL killed while runs fail and people are told of it (F8): from the close of a run to the
// channel no incident is lost and none is there twice.
import { setTimeout as sleep } from 'node:timers/promises';
import { createInbox, type Inbox } from '../../../demo/inbox/create-inbox';
import { resultOf, type Scenario } from '../chaos-result';
import { asOurs, channelsAt, kill, type Victim } from '../place/alert-channels';
import type { ChaosPlace } from '../place/chaos-place';
import { ChaosSync } from '../place/chaos-sync';
import { waitFor } from '../place/wait-for';

const forms = { short: { syncs: 3, kills: 2 }, full: { syncs: 40, kills: 20 } };
// A run that fails takes a second, and its message is there another one later: kills hit any moment of these.
const mostAliveMs = 2_500;
const mostDownMs = 1_000;
const longestEndMs = 180_000;

export const incidentKills: Scenario = {
  ids: ['F8'],
  async run({ place, ledgers, form, random, say }) {
    const { syncs: count, kills } = forms[form];
    const inbox = await createInbox();
    try {
      const channels = await asOurs(place, (knex) => channelsAt(place, knex, inbox));
      const channelIds = channels.map(({ channelId }) => channelId);
      const syncs: ChaosSync[] = [];
      for (let at = 0; at < count; at += 1)
        syncs.push(await aBrokenSync(place, `broken_${at}`, ledgers.add(`broken-${at}`, 'upsert')));
      const runs: [ChaosSync, string][] = [];
      for (const [at, sync] of syncs.entries()) {
        runs.push([sync, await triggered(sync)]);
        if (at % Math.floor(count / kills) !== 0) continue;
        await sleep(random.between(0, mostAliveMs));
        const victim: Victim = random.pick(['worker', 'PostgreSQL']);
        await kill(place, victim, random.between(0, mostDownMs));
        say(`${victim} was killed, ${inbox.book.taken().length} messages there`);
      }
      for (const [sync, runId] of runs) await sync.ended(runId, longestEndMs);
      const ids = syncs.map(({ id }) => id);
      await waitFor('all to be told', longestEndMs, async () => {
        const { alerts, pending } = await tally(place, ids, channelIds);
        return alerts >= count && pending === 0 ? true : null;
      }).catch(() => undefined);
      return [await judge(place, inbox, { ids, channelIds, kills })];
    } finally {
      await inbox.close();
    }
  },
};

/** A sync whose model reads a table that is gone: its runs fail, each sync's for a cause of its own. */
async function aBrokenSync(
  place: ChaosPlace,
  name: string,
  ledger: Parameters<typeof ChaosSync.make>[1]['ledger'],
): Promise<ChaosSync> {
  const sync = await ChaosSync.make(place, { name, rows: 1, ledger });
  await place.askOutside('warehouse', `DROP TABLE ${name}`);
  return sync;
}

/** Asked until it is taken: the API may not have noticed yet that the database is back. */
function triggered(sync: ChaosSync): Promise<string> {
  return waitFor('a trigger', longestEndMs, () => sync.trigger().catch(() => null));
}

interface Tally {
  /** Open alerts of runs that failed. */
  readonly alerts: number;
  readonly pending: number;
}

async function tally(
  place: ChaosPlace,
  syncIds: readonly string[],
  channelIds: readonly string[],
): Promise<Tally> {
  const [found] = await place
    .ask<{ alerts: number; pending: number }>(
      `SELECT (SELECT count(*)::int FROM alerts WHERE sync_id = ANY ($1) AND kind = 'run_failed') AS alerts,
         (SELECT count(*)::int FROM alert_deliveries WHERE state = 'pending' AND channel_id = ANY ($2)) AS pending`,
      [syncIds, channelIds],
    )
    .catch(() => []);
  return found ?? { alerts: 0, pending: Infinity };
}

interface Told {
  readonly ids: readonly string[];
  readonly channelIds: readonly string[];
  readonly kills: number;
}

async function judge(place: ChaosPlace, inbox: Inbox, { ids: syncIds, channelIds, kills }: Told) {
  const alerts = await place.ask<{ id: string; sync_id: string }>(
    `SELECT id, sync_id FROM alerts WHERE sync_id = ANY ($1) AND kind = 'run_failed'`,
    [syncIds],
  );
  const told = await place.ask<{ n: number }>(
    `SELECT count(*)::int AS n FROM alert_delivery_alerts a JOIN alert_deliveries d ON d.id = a.delivery_id
     WHERE a.alert_id = ANY ($1) AND d.channel_id = ANY ($2) AND d.type = 'alert.raised' GROUP BY a.alert_id, d.channel_id`,
    [alerts.map(({ id }) => id), channelIds],
  );
  const undelivered = await place.ask(
    `SELECT 1 FROM alert_deliveries WHERE state <> 'delivered' AND channel_id = ANY ($1)`,
    [channelIds],
  );
  const webhooks = inbox.book.taken().filter(({ kind }) => kind === 'webhook');
  const heard = new Set(webhooks.flatMap(({ body }) => alertsIn(body)));
  const bodies = new Map<string | null, Set<string>>();
  for (const { id, raw } of webhooks) bodies.set(id, (bodies.get(id) ?? new Set()).add(raw));
  const lost = alerts.filter(({ id }) => !heard.has(id)).length;
  const ends = place.programs.unaskedEnds;
  return resultOf(
    {
      id: 'F8',
      fault: `worker or PostgreSQL SIGKILLed ${kills} times while ${syncIds.length} syncs fail`,
      expected:
        'one alert a sync, told once on each channel, and heard there at least once, with the same bytes',
    },
    [
      { text: `${alerts.length} alerts of ${syncIds.length} syncs`, holds: alerts.length === syncIds.length },
      { text: `${lost} never heard`, holds: lost === 0 },
      {
        text: `${told.length} times told on a channel`,
        holds: told.length === 2 * syncIds.length && told.every(({ n }) => n === 1),
      },
      { text: `${undelivered.length} messages not delivered`, holds: undelivered.length === 0 },
      {
        text: `${webhooks.length - bodies.size} repeats`,
        holds: [...bodies.values()].every((raws) => raws.size === 1),
      },
      { text: `processes that exited: ${ends.join(', ') || 'none'}`, holds: ends.length === 0 },
    ],
  );
}

function alertsIn(body: unknown): string[] {
  const { data } = (body ?? {}) as { data?: { alerts?: readonly { id: string }[] } };
  return (data?.alerts ?? []).map(({ id }) => id);
}
