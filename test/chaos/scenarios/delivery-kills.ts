// Owns the scenario of worker and PostgreSQL killed at every step of a delivery (F8): every message reaches its channel, in
// order, and one that comes twice comes under its id, with the same bytes.
import { createInbox, type Inbox } from '../../../demo/inbox/create-inbox';
import { aDueDelivery, type MadeChannel } from '../../factories/a-channel';
import { resultOf, type Scenario } from '../chaos-result';
import { asOurs, channelsAt, kill, type Victim } from '../place/alert-channels';
import type { ChaosPlace } from '../place/chaos-place';
import { type DeliveryStep, deliverySteps, stopAt } from '../place/delivery-steps';
import { waitFor } from '../place/wait-for';

// Twice every step with the one victim and the other, as many again as make fifty; a dead worker is noticed after seven seconds.
const forms = { short: { kills: 4 }, full: { kills: 50 } };
const mostDownMs = 500;
const longestEndMs = 120_000;

export const deliveryKills: Scenario = {
  ids: ['F8'],
  async run({ place, form, random, say }) {
    const { kills } = forms[form];
    const inbox = await createInbox();
    try {
      const channels = await asOurs(place, (knex) => channelsAt(place, knex, inbox));
      const first = Math.floor(random.between(0, deliverySteps.length));
      const made: { id: string; channel: MadeChannel }[] = [];
      for (let killed = 0; killed < kills; killed += 1) {
        const step = deliverySteps[(first + killed) % deliverySteps.length] as DeliveryStep;
        // Not in step with the steps, of which there are seven: each victim comes to each of them.
        const victim: Victim = killed % 2 === 0 ? 'worker' : 'PostgreSQL';
        const channel = random.pick(channels);
        const { id, goOn } = await stopAt(step, place, inbox, () =>
          asOurs(place, (knex) => aDueDelivery(knex, channel)),
        );
        made.push({ id, channel });
        await kill(place, victim, random.between(0, mostDownMs));
        await goOn();
        say(`kill ${killed + 1}: ${victim}, a delivery that was ${step}`);
        await settled(place, made);
      }
      return [judge({ kills, inbox, made, channels, states: await statesOf(place), place })];
    } finally {
      await inbox.close();
    }
  },
};

/** The next one is stopped at its own step, not behind this one. */
async function settled(place: ChaosPlace, made: readonly { id: string }[]): Promise<void> {
  const id = made.at(-1)?.id;
  await waitFor('the delivery', longestEndMs, async () => {
    const rows = await place.ask(`SELECT 1 FROM alert_deliveries WHERE id = $1 AND state <> 'pending'`, [id]);
    return rows.length > 0 ? true : null;
  });
}

async function statesOf(place: ChaosPlace): Promise<Map<string, string>> {
  const rows = await place.ask<{ id: string; state: string }>('SELECT id, state FROM alert_deliveries');
  return new Map(rows.map(({ id, state }) => [id, state]));
}

interface Facts {
  readonly kills: number;
  readonly inbox: Inbox;
  readonly made: readonly { readonly id: string; readonly channel: MadeChannel }[];
  readonly channels: readonly MadeChannel[];
  readonly states: ReadonlyMap<string, string>;
  readonly place: ChaosPlace;
}

function judge({ kills, inbox, made, channels, states, place }: Facts) {
  // Of Slack's messages the id stands in the foot.
  const taken = inbox.book
    .taken()
    .map(({ id, raw }) => ({ id: id ?? /dlv_[0-9a-z]+/.exec(raw)?.[0] ?? '', raw }));
  const bodies = new Map<string, Set<string>>();
  for (const { id, raw } of taken) bodies.set(id, (bodies.get(id) ?? new Set()).add(raw));
  const lost = made.filter(({ id }) => !bodies.has(id)).length;
  // What scenarios before this one broke is told here too, under ids of its own.
  const foreign = [...bodies.keys()].filter((id) => !states.has(id)).length;
  const undelivered = made.filter(({ id }) => states.get(id) !== 'delivered').length;
  const changed = [...bodies.values()].filter((raws) => raws.size > 1).length;
  const order = [...bodies.keys()];
  const disordered = channels.filter(({ channelId }) => {
    const ids = made.filter(({ channel }) => channel.channelId === channelId).map(({ id }) => id);
    return ids.join() !== order.filter((id) => ids.includes(id)).join();
  }).length;
  const repeats = taken.length - bodies.size;
  const ends = place.programs.unaskedEnds;
  return resultOf(
    {
      id: 'F8',
      fault: `worker or PostgreSQL SIGKILLed ${kills} times, at every step of a delivery`,
      expected: 'every message delivered at least once, in order, under one id and with the same bytes',
    },
    [
      { text: `${lost} of ${made.length} messages lost`, holds: lost === 0 && made.length === kills },
      { text: `${undelivered} not known to be delivered`, holds: undelivered === 0 },
      { text: `${foreign} under another id`, holds: foreign === 0 },
      { text: `${repeats} repeats, at most one a kill`, holds: repeats <= kills },
      { text: `${changed} repeated with other bytes`, holds: changed === 0 },
      { text: `${disordered} channels out of order`, holds: disordered === 0 },
      { text: `processes that exited: ${ends.join(', ') || 'none'}`, holds: ends.length === 0 },
    ],
  );
}
