// Owns what a channel is sent next, and that a try is written down before it is made. Makes no call.
import type { Knex } from 'knex';
import type { AlertChannelKind } from '../../../domain/alerts/channel';
import type { AlertMessage } from '../../../domain/alerts/message';
import { type AttemptPlace, insertAttempt } from './attempt-row';
import { composeMessage, type LinksOfRun } from './compose-message';

export interface ChannelPlace {
  readonly workspaceId: string;
  readonly channelId: string;
}

/** A try that is to be made now. */
export interface BegunTry extends AttemptPlace, ChannelPlace {
  readonly kind: AlertChannelKind;
  /** The channel's, as it is called. */
  readonly revision: number;
  readonly message: AlertMessage;
}

/** `waiting`: the next one waits for its time, and those behind it wait for it. */
export type NextTry =
  | { readonly state: 'idle' }
  | { readonly state: 'waiting'; readonly waitMs: number }
  | ({ readonly state: 'begun' } & BegunTry);

interface HeadRow {
  id: string;
  workspace_id: string;
  type: AlertMessage['type'];
  run_id: string | null;
  content: AlertMessage | null;
  wait_ms: number;
}

/**
 * Begins a try of what has waited longest, in the order in which messages were made. The channel is taken to be served until
 * `leaseMs` after what is answered; `idle` lets go of it, in the transaction that has found nothing due.
 */
export async function beginDelivery(
  knex: Knex,
  place: ChannelPlace,
  links: LinksOfRun,
  leaseMs: number,
): Promise<NextTry> {
  return knex.transaction(async (trx) => {
    const channel = await lockChannel(trx, place);
    for (;;) {
      const head = channel?.enabled ? await headOf(trx, place.channelId) : null;
      if (!channel || !head) {
        await serveUntil(trx, place.channelId, null);
        return { state: 'idle' };
      }
      const waitMs = Math.max(0, Math.ceil(head.wait_ms));
      await serveUntil(trx, place.channelId, waitMs + leaseMs);
      if (waitMs > 0) return { state: 'waiting', waitMs };
      const begun = await beginTry(trx, head, links);
      if (begun) return { state: 'begun', ...begun, channelId: place.channelId, ...channel };
    }
  });
}

/** A message that ended without a call. */
export interface FailedDelivery {
  readonly deliveryId: string;
  readonly kind: AlertChannelKind;
}

/** Ends what is next as failed, so that those behind it go on; null: nothing is due. */
export async function failNext(
  knex: Knex,
  place: ChannelPlace,
  error: string,
): Promise<FailedDelivery | null> {
  return knex.transaction(async (trx) => {
    const channel = await lockChannel(trx, place);
    const head = await headOf(trx, place.channelId);
    if (!channel || !head) return null;
    await trx('alert_deliveries')
      .where({ id: head.id })
      .update({
        state: 'failed',
        error,
        gathers: false,
        next_attempt_at: null,
        ended_at: trx.raw('clock_timestamp()'),
      });
    return { deliveryId: head.id, kind: channel.kind };
  });
}

/** Begins the only try of a test; null: it is not to be sent any more. */
export async function beginTest(
  knex: Knex,
  { workspaceId, deliveryId }: Omit<AttemptPlace, 'attempt'>,
  links: LinksOfRun,
): Promise<BegunTry | null> {
  return knex.transaction(async (trx) => {
    const row: TestRow | undefined = await trx('alert_deliveries as d')
      .join('alert_channels as c', 'c.id', 'd.channel_id')
      .where({ 'd.workspace_id': workspaceId, 'd.id': deliveryId, state: 'pending', type: 'channel.test' })
      .forUpdate('d')
      .first('d.id', 'd.workspace_id', 'channel_id', 'type', 'run_id', 'content', 'kind', 'revision');
    const begun = row && (await beginTry(trx, row, links));
    if (!begun) return null;
    const { channel_id: channelId, kind, revision } = row;
    return { ...begun, channelId, kind, revision };
  });
}

interface LockedChannel extends Pick<BegunTry, 'kind' | 'revision'> {
  readonly enabled: boolean;
}

type TestRow = Omit<HeadRow, 'wait_ms'> & Pick<BegunTry, 'kind' | 'revision'> & { channel_id: string };

/** Null: it is deleted. Held until the transaction ends: it is neither switched off nor deleted meanwhile. */
export async function lockChannel(
  trx: Knex.Transaction,
  { workspaceId, channelId }: ChannelPlace,
): Promise<LockedChannel | null> {
  const row: LockedChannel | undefined = await trx('alert_channels')
    .where({ workspace_id: workspaceId, id: channelId })
    .whereNull('deleted_at')
    .forNoKeyUpdate()
    .first('enabled', 'kind', 'revision');
  return row ?? null;
}

// FOR UPDATE: whoever has an alert join it holds its row the same way, and finds it on its way afterwards.
async function headOf(trx: Knex.Transaction, channelId: string): Promise<HeadRow | null> {
  const { rows } = await trx.raw<{ rows: HeadRow[] }>(
    `SELECT id, workspace_id, type, run_id, content,
       coalesce(extract(epoch FROM next_attempt_at - clock_timestamp()) * 1000, 0)::float8 AS wait_ms
     FROM alert_deliveries WHERE channel_id = ? AND state = 'pending' AND due_at <= clock_timestamp()
     ORDER BY no LIMIT 1 FOR UPDATE`,
    [channelId],
  );
  return rows[0] ?? null;
}

/** Null: there was nothing left to say, and the delivery has ended. */
async function beginTry(
  trx: Knex.Transaction,
  row: Omit<HeadRow, 'wait_ms'>,
  links: LinksOfRun,
): Promise<Omit<BegunTry, 'channelId' | 'kind' | 'revision'> | null> {
  const { id: deliveryId, workspace_id: workspaceId, content } = row;
  const message =
    content ??
    (await composeMessage(trx, { workspaceId, deliveryId, type: row.type, runId: row.run_id }, links));
  if (!message) {
    await trx('alert_deliveries')
      .where({ id: deliveryId })
      .update({
        state: 'withdrawn',
        gathers: false,
        ended_at: trx.raw('clock_timestamp()'),
        error: 'What it was about is gone.',
      });
    return null;
  }
  if (!content)
    await trx('alert_deliveries')
      .where({ id: deliveryId })
      .update({ content: JSON.stringify(message) });
  const attempt = await insertAttempt(trx, { workspaceId, deliveryId });
  return { workspaceId, deliveryId, attempt, message };
}

/** The channel has somebody for so many milliseconds; null: nobody. */
export async function serveUntil(trx: Knex.Transaction, channelId: string, ms: number | null): Promise<void> {
  await trx('alert_channels')
    .where({ id: channelId })
    .update({
      delivering_until:
        ms === null ? null : trx.raw('clock_timestamp() + make_interval(secs => ?)', [ms / 1_000]),
    });
}
