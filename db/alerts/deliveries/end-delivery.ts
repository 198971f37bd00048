// Owns what a try's answer means for its delivery, for those behind it, and for the channel.
import type { Knex } from 'knex';
import { type DeliveryPace, triesWhenRefused, waitAfter } from '../../../domain/alerts/delivery-pace';
import { takeAlertsTurn } from '../alerts-turn';
import { type AttemptEnd, endAttemptRow } from './attempt-row';
import { hurryChannel } from './claim-channels';
import { type BegunTry, lockChannel, serveUntil } from './begin-delivery';
import { switchOff } from './switch-off';

/** What a channel answered; as connectors say it. */
export interface TryAnswer extends AttemptEnd {
  readonly verdict: 'accepted' | 'refused' | 'gone' | 'trouble';
  readonly retryAfterMs?: number;
  readonly isAboutMessage?: boolean;
}

export interface EndedTry {
  /** `attempted`: it is tried again. */
  readonly state: 'delivered' | 'failed' | 'attempted';
  /** Until the next try of it. */
  readonly waitMs: number;
  /** Why the channel was switched off by it; null: it was not. */
  readonly switchedOff: string | null;
}

interface DeliveryRow {
  state: string;
  attempts: number;
  earlier_attempts: number;
  /** Whether its time is over. */
  is_over: boolean;
  left_ms: number;
}

/** Writes the answer down with all that follows from it. Twice is the same as once. */
export async function endDelivery(
  knex: Knex,
  begun: BegunTry,
  answer: TryAnswer,
  pace: DeliveryPace,
): Promise<EndedTry> {
  return knex.transaction(async (trx) => {
    // Before any row: what follows from it may write further deliveries.
    if (answer.verdict !== 'accepted') await takeAlertsTurn(trx, [begun.workspaceId]);
    const channel = await lockChannel(trx, begun);
    await endAttemptRow(trx, begun, answer);
    const delivery = await lockDelivery(trx, begun.deliveryId);
    if (answer.verdict === 'accepted') return accept(trx, begun, delivery);
    // The channel is another one since, another try has begun, or it was taken back: this one decides nothing any more.
    const isOvertaken = delivery.state !== 'pending' || delivery.attempts !== begun.attempt;
    if (isOvertaken || channel?.revision !== begun.revision)
      return { state: 'attempted', waitMs: 0, switchedOff: null };
    await noteFailing(trx, begun.channelId);
    const waitMs = waitOf(delivery, answer, pace);
    if (waitMs !== null) {
      await trx('alert_deliveries')
        .where({ id: begun.deliveryId })
        .update({
          next_attempt_at: trx.raw('clock_timestamp() + make_interval(secs => ?)', [waitMs / 1_000]),
        });
      // The workflow comes back by itself: until then nobody need look after the channel.
      await serveUntil(trx, begun.channelId, waitMs + pace.leaseMs);
      return { state: 'attempted', waitMs, switchedOff: null };
    }
    await endAs(trx, begun.deliveryId, 'failed', answer.error);
    return { state: 'failed', waitMs: 0, switchedOff: await endChannel(trx, begun, answer, pace) };
  });
}

/** The same for a test, which is tried once and ends no channel. */
export async function endTest(knex: Knex, begun: BegunTry, answer: TryAnswer): Promise<void> {
  await knex.transaction(async (trx) => {
    await lockChannel(trx, begun);
    await endAttemptRow(trx, begun, answer);
    const delivery = await lockDelivery(trx, begun.deliveryId);
    if (answer.verdict === 'accepted') {
      await accept(trx, begun, delivery);
      // It works again: what waits there need not wait any longer.
      await hurryChannel(trx, begun.channelId);
    } else if (delivery.state === 'pending') await endAs(trx, begun.deliveryId, 'failed', answer.error);
  });
}

async function accept(trx: Knex.Transaction, begun: BegunTry, delivery: DeliveryRow): Promise<EndedTry> {
  await trx('alert_channels').where({ id: begun.channelId }).update({ failing_since: null });
  if (delivery.state === 'pending') await endAs(trx, begun.deliveryId, 'delivered', null);
  return { state: 'delivered', waitMs: 0, switchedOff: null };
}

/** Milliseconds to the next try; null: there is none. The last one is made when the time is over, not before. */
function waitOf(delivery: DeliveryRow, answer: TryAnswer, pace: DeliveryPace): number | null {
  if (answer.verdict !== 'trouble' || delivery.is_over) return null;
  const tries = delivery.attempts - delivery.earlier_attempts;
  if (answer.isAboutMessage && tries >= triesWhenRefused) return null;
  return Math.min(
    waitAfter(tries, answer.retryAfterMs, Math.random(), pace),
    Math.max(0, Math.ceil(delivery.left_ms)),
  );
}

/** Switches the channel off where nothing is to be hoped of it; returns why, null when it stays on. */
async function endChannel(
  trx: Knex.Transaction,
  { workspaceId, channelId }: BegunTry,
  { verdict, error }: TryAnswer,
  { failingMs }: DeliveryPace,
): Promise<string | null> {
  if (verdict === 'gone') return switchOff(trx, { workspaceId, channelId }, error ?? 'gone');
  if (verdict !== 'trouble') return null;
  const { rows } = await trx.raw<{ rows: { days: number }[] }>(
    `SELECT extract(epoch FROM clock_timestamp() - failing_since)::float8 / 86400 AS days FROM alert_channels
     WHERE id = ? AND failing_since <= clock_timestamp() - make_interval(secs => ?)`,
    [channelId, failingMs / 1_000],
  );
  const days = rows[0]?.days;
  if (days === undefined) return null;
  return switchOff(
    trx,
    { workspaceId, channelId },
    `nothing was accepted for ${Math.floor(days)} days; last: ${error}`,
  );
}

async function lockDelivery(trx: Knex.Transaction, deliveryId: string): Promise<DeliveryRow> {
  const { rows } = await trx.raw<{ rows: DeliveryRow[] }>(
    `SELECT state, attempts, earlier_attempts, give_up_at <= clock_timestamp() AS is_over,
       (extract(epoch FROM give_up_at - clock_timestamp()) * 1000)::float8 AS left_ms
     FROM alert_deliveries WHERE id = ? FOR UPDATE`,
    [deliveryId],
  );
  const [row] = rows;
  if (!row) throw new Error(`delivery ${deliveryId} is gone`);
  return row;
}

async function noteFailing(trx: Knex.Transaction, channelId: string): Promise<void> {
  await trx('alert_channels')
    .where({ id: channelId })
    .whereNull('failing_since')
    .update({ failing_since: trx.raw('clock_timestamp()') });
}

async function endAs(
  trx: Knex.Transaction,
  deliveryId: string,
  state: 'delivered' | 'failed',
  error: string | null,
): Promise<void> {
  await trx('alert_deliveries')
    .where({ id: deliveryId })
    .update({ state, error, next_attempt_at: null, ended_at: trx.raw('clock_timestamp()') });
}
