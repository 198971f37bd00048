// Owns what people do to an alert: acknowledge, mute, unmute, resolve; each with who and when. What happens to it by itself
// is the judge's.
import type { Knex } from 'knex';
import type { AlertEventType } from '../../domain/alerts/alert';
import { tellResolvedOf } from '../../domain/alerts/telling';
import { takeAlertsTurn } from './alerts-turn';
import { openAlertsOf, toldOf } from './judge/open-alerts';
import { tellResolved, withdrawUnsent } from './tell-resolved';

export interface AlertPlace {
  readonly workspaceId: string;
  readonly alertId: string;
}

/** Who does it, and why. */
export interface ActAuthor {
  /** The token's id. */
  readonly by: string;
  readonly note: string | null;
}

/** Thrown when the workspace has no such alert. */
export class AlertNotFoundError extends Error {
  override readonly name = 'AlertNotFoundError';
}

/** Thrown when an alert is over that should be acknowledged or muted. */
export class AlertResolvedError extends Error {
  override readonly name = 'AlertResolvedError';
}

interface LockedAlert {
  sync_id: string;
  sync_name: string;
  acknowledged_at: Date | null;
  resolved_at: Date | null;
  is_muted: boolean;
  now: Date;
}

/** Of several only the first is noted. Throws AlertNotFoundError, AlertResolvedError. */
export async function acknowledgeAlert(knex: Knex, place: AlertPlace, author: ActAuthor): Promise<void> {
  await act(knex, place, async (trx, { now, ...alert }) => {
    assertUnresolved(place, alert);
    if (alert.acknowledged_at) return;
    await change(trx, place, { acknowledged_at: now, acknowledged_by: author.by });
    await note(trx, place, 'acknowledged', now, author);
  });
}

/** How long: until a time, or for so many hours from now. */
export type MuteSpan = { readonly until: Date } | { readonly hours: number };

const hourMs = 3_600_000;

/**
 * Another span takes the place of one before. What was about to be told of it is not. Throws AlertNotFoundError,
 * AlertResolvedError.
 */
export async function muteAlert(
  knex: Knex,
  place: AlertPlace,
  span: MuteSpan,
  author: ActAuthor,
): Promise<void> {
  await act(knex, place, async (trx, { now, ...alert }) => {
    assertUnresolved(place, alert);
    const until = 'until' in span ? span.until : new Date(now.getTime() + span.hours * hourMs);
    await change(trx, place, { muted_until: until, muted_by: author.by });
    await note(trx, place, 'muted', now, author, { until: until.toISOString() });
    await withdrawUnsent(trx, [place.alertId]);
    // Nobody has heard of it then: once the mute is over it is news.
    await trx.raw(
      `UPDATE alerts SET told_at = NULL WHERE id = :alertId AND NOT EXISTS (
         SELECT 1 FROM alert_delivery_alerts a JOIN alert_deliveries d ON d.id = a.delivery_id
         WHERE a.alert_id = :alertId AND d.state <> 'withdrawn')`,
      { alertId: place.alertId },
    );
  });
}

/**
 * One that is not muted stays as it is. Of one that is over too: its mute holds for what comes after it. Throws
 * AlertNotFoundError.
 */
export async function unmuteAlert(knex: Knex, place: AlertPlace, author: ActAuthor): Promise<void> {
  await act(knex, place, async (trx, { now, is_muted: isMuted }) => {
    if (!isMuted) return;
    await change(trx, place, { muted_until: null, muted_by: null });
    await note(trx, place, 'unmuted', now, author);
  });
}

/**
 * Told where it was told that it is open. One that is resolved stays as it is. What caused it opens another one when it
 * comes again. Throws AlertNotFoundError.
 */
export async function resolveAlert(knex: Knex, place: AlertPlace, author: ActAuthor): Promise<void> {
  await act(
    knex,
    place,
    async (trx, { now, resolved_at: resolvedAt, sync_id: syncId, sync_name: syncName }) => {
      if (resolvedAt) return;
      const open = (await openAlertsOf(trx, [syncId])).find(({ id }) => id === place.alertId);
      if (!open) throw new Error(`alert ${place.alertId} is neither open nor resolved`);
      await change(trx, place, { resolved_at: now, resolved_by: author.by });
      await note(trx, place, 'resolved', now, author);
      if (tellResolvedOf(open, now) === null) return;
      const { workspaceId, cause } = open;
      await tellResolved(trx, [
        { workspaceId, cause, alert: toldOf(open, syncName, { at: now, run: null, byHand: true }) },
      ]);
    },
  );
}

/** Nobody else, the judge neither, is at the alerts of the workspace meanwhile. */
async function act(
  knex: Knex,
  place: AlertPlace,
  does: (trx: Knex.Transaction, alert: LockedAlert) => Promise<void>,
): Promise<void> {
  await knex.transaction(async (trx) => {
    await takeAlertsTurn(trx, [place.workspaceId]);
    // Asked once it is our turn: what was waited for is seen, and the time is that of the act. A millisecond more makes up
    // for the microseconds that are lost on the way here: nothing is done to an alert before it was seen.
    const { rows } = await trx.raw<{ rows: LockedAlert[] }>(
      `SELECT a.sync_id, s.name AS sync_name, a.acknowledged_at, a.resolved_at,
         coalesce(a.muted_until > clock_timestamp(), false) AS is_muted,
         greatest(clock_timestamp(), a.last_seen_at + interval '1 millisecond') AS now
       FROM alerts a JOIN syncs s ON s.id = a.sync_id
       WHERE a.workspace_id = ? AND a.id = ? FOR UPDATE OF a`,
      [place.workspaceId, place.alertId],
    );
    const [alert] = rows;
    if (!alert) throw new AlertNotFoundError(`alert ${place.alertId} does not exist`);
    await does(trx, alert);
  });
}

function assertUnresolved({ alertId }: AlertPlace, alert: Pick<LockedAlert, 'resolved_at'>): void {
  if (alert.resolved_at) throw new AlertResolvedError(`alert ${alertId} is resolved`);
}

async function change(trx: Knex.Transaction, place: AlertPlace, values: object): Promise<void> {
  await trx('alerts').where({ workspace_id: place.workspaceId, id: place.alertId }).update(values);
}

async function note(
  trx: Knex.Transaction,
  { workspaceId, alertId }: AlertPlace,
  type: AlertEventType,
  at: Date,
  author: ActAuthor,
  detail: object = {},
): Promise<void> {
  await trx('alert_events').insert({
    workspace_id: workspaceId,
    alert_id: alertId,
    at,
    type,
    by: author.by,
    detail: JSON.stringify({ ...detail, ...(author.note === null ? {} : { note: author.note }) }),
  });
}
