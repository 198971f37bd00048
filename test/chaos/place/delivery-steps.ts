// Owns the steps of a delivery at which a scenario can stop it: between any two of its lines, by what the world outside does
// or by a row that somebody else holds. Kills nobody.
import { Client as PgClient } from 'pg';
import type { Inbox } from '../../../demo/inbox/create-inbox';
import type { ChaosPlace } from './chaos-place';
import { waitFor } from './wait-for';

export const deliverySteps = [
  'written down', // nobody has it in hand yet
  'about to begin', // its try is to be written down
  'call open', // sent, and nothing taken
  'taken', // by the channel, which does not answer
  'about to end', // answered, and the answer is to be written down
  'ended', // the workflow is to look for the next one
  'waiting', // for its next try
] as const;
export type DeliveryStep = (typeof deliverySteps)[number];

/** Lets what was stopped go on. */
export type GoOn = () => Promise<void>;

const limitMs = 90_000;

/** Has `deliver` write a delivery down, and returns when it has come to the step, with its id. */
export async function stopAt(
  step: DeliveryStep,
  place: ChaosPlace,
  inbox: Inbox,
  deliver: () => Promise<string>,
): Promise<{ id: string; goOn: GoOn }> {
  const { behaviour } = inbox;
  const atCall = () => waitFor('a call', limitMs, () => (behaviour.waitingCalls > 0 ? true : null));
  const calm = async (): Promise<void> => behaviour.change({ slack: null, webhook: null, hang: null });
  if (step === 'call open' || step === 'taken') {
    behaviour.change({ hang: step === 'taken' ? 'after' : 'before' });
    const id = await deliver();
    await atCall();
    return { id, goOn: calm };
  }
  if (step === 'about to begin') {
    const id = await deliver();
    const letGo = await hold(place, id);
    // It may have been delivered before its row was held.
    await waitFor('somebody to wait for it', limitMs, async () =>
      (await isWaitedFor(place)) || (await isEnded(place, id)) ? true : null,
    );
    return { id, goOn: letGo };
  }
  if (step === 'about to end') {
    behaviour.change({ hang: 'before' });
    const id = await deliver();
    await atCall();
    const letGo = await hold(place, id);
    await calm();
    await waitFor('somebody to wait for it', limitMs, async () => ((await isWaitedFor(place)) ? true : null));
    return { id, goOn: letGo };
  }
  if (step === 'waiting') {
    const down = { status: 503, text: 'busy' };
    behaviour.change({ slack: down, webhook: down });
    const id = await deliver();
    await waitFor('a try', limitMs, async () => {
      const [row] = await place.ask(
        'SELECT 1 FROM alert_deliveries WHERE id = $1 AND next_attempt_at IS NOT NULL',
        [id],
      );
      return row ? true : null;
    });
    return { id, goOn: calm };
  }
  const id = await deliver();
  if (step === 'ended')
    await waitFor('its end', limitMs, async () => ((await isEnded(place, id)) ? true : null));
  return { id, goOn: calm };
}

/** Holds the delivery's row until it is let go, or its server dies. */
async function hold(place: ChaosPlace, id: string): Promise<GoOn> {
  const client = new PgClient({ connectionString: place.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT 1 FROM alert_deliveries WHERE id = $1 FOR UPDATE', [id]);
  return () => client.end().catch(() => undefined);
}

async function isWaitedFor(place: ChaosPlace): Promise<boolean> {
  const rows = await place.ask(
    `SELECT 1 FROM pg_stat_activity WHERE application_name = 'signalsmith-worker' AND wait_event_type = 'Lock'
       AND query LIKE '%alert_deliveries%'`,
  );
  return rows.length > 0;
}

async function isEnded(place: ChaosPlace, id: string): Promise<boolean> {
  const rows = await place.ask(`SELECT 1 FROM alert_deliveries WHERE id = $1 AND state <> 'pending'`, [id]);
  return rows.length > 0;
}
