// Owns the scenario of slots that come due while Temporal is gone for longer than their catch-up window (D12): each of them
// is a run or counted as missed.
import { setTimeout as sleep } from 'node:timers/promises';
import { resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { waitFor } from '../place/wait-for';

// Ten seconds are the least interval and the least window: of the slots in an outage those of its last ten seconds are made
// up for, and the ones before it are missed.
const intervalSeconds = 10;
const catchUpSeconds = 10;
const forms = { short: { goneMs: 25_000 }, full: { goneMs: 95_000 } };
// A slot, and what the start of a run may take after an outage.
const nextSlotMs = 60_000;
// A worker looks at each schedule every thirty seconds, in rounds of five.
const toldMs = 60_000;
// A slot started in time may still be on its way to its run: a task that was handed to a poll of before the outage is
// handed out again after its limit of seconds.
const settledMs = 60_000;

interface SlotCounts {
  readonly ran: number;
  readonly twice: number;
  readonly instants: number;
  readonly shown: number;
}

export const missedSlots: Scenario = {
  ids: ['D12'],
  async run({ place, ledgers, form, say }) {
    const { goneMs } = forms[form];
    const sync = await ChaosSync.make(place, {
      name: 'missing',
      rows: 20,
      ledger: ledgers.add('missing', 'upsert'),
    });
    const path = `/api/v1/syncs/${sync.id}`;
    const put = await place.send('PUT', `${path}/schedule`, {
      interval_seconds: intervalSeconds,
      catch_up_seconds: catchUpSeconds,
      overlap_policy: 'queue_all',
    });
    const ranAfter = async (time: Date): Promise<true | null> => {
      const found = await place.ask('SELECT 1 FROM runs WHERE sync_id = $1 AND slot_at > $2', [
        sync.id,
        time,
      ]);
      return found.length > 0 ? true : null;
    };
    await waitFor('the first slot', nextSlotMs, () => ranAfter(new Date(0)));
    say(`Temporal is gone for ${goneMs} ms`);
    await place.killTemporal();
    await sleep(goneMs);
    await place.startTemporal();
    const back = new Date();
    await waitFor('a slot after its return', nextSlotMs, () => ranAfter(back));
    const counts = async (): Promise<number[]> => {
      const events = await place.ask<{ count: number }>(
        `SELECT (detail ->> 'count')::int AS count FROM run_events WHERE sync_id = $1 AND type = 'slots_missed'`,
        [sync.id],
      );
      return events.map(({ count }) => count);
    };
    const told = await waitFor('the event', toldMs, async () => {
      const found = await counts();
      return found.length > 0 ? found : null;
    }).catch(() => []);
    const slotCounts = async (): Promise<SlotCounts> => {
      const [found] = await place.ask<Omit<SlotCounts, 'shown'>>(
        `SELECT count(DISTINCT slot_at)::int AS ran, (count(*) - count(DISTINCT slot_at))::int AS twice,
           (extract(epoch FROM max(slot_at) - min(slot_at)) / ${intervalSeconds})::int + 1 AS instants
         FROM runs WHERE sync_id = $1 AND slot_at IS NOT NULL`,
        [sync.id],
      );
      const { slots_missed } = (await place.send('GET', `${path}/schedule`)).body;
      return { ran: 0, twice: 0, instants: 0, ...found, shown: slots_missed as number };
    };
    const slots = await waitFor('every instant', settledMs, async () => {
      const found = await slotCounts();
      return found.ran + found.shown >= found.instants ? found : null;
    }).catch(slotCounts);
    // Nothing of it may be under way when the next scenario looks at all workflows.
    const removed = await place.send('DELETE', `${path}/schedule`);
    const { ran, twice, instants, shown } = slots;
    return [
      resultOf(
        {
          id: 'D12',
          fault: `Temporal gone ${goneMs / 1000} s, a schedule of ${intervalSeconds} s with a window of ${catchUpSeconds} s`,
          expected: 'every instant is a run, once, or counted in the event slots_missed',
        },
        [
          { text: `schedule put ${put.status}, removed ${removed.status}`, holds: removed.status === 204 },
          {
            text: `${instants} instants: ${ran} ran, ${shown} missed, ${twice} twice`,
            holds: ran + shown === instants && twice === 0,
          },
          {
            text: `told in ${told.length} events: ${told.join(', ')}`,
            holds: shown > 0 && told.length === 1 && told[0] === shown,
          },
        ],
      ),
    ];
  },
};
