// What tests of judging share: runs that end, the judge until nothing is due, and what became of it.
import type { Knex } from 'knex';
import { judgeDue } from '../../../db/alerts/judge/judge-due';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { closeRun, type RunEnding } from '../../../db/runs/close-run';
import { startRun } from '../../../db/runs/start-run';
import { type FailureCode, failureOf } from '../../../domain/failure';
import { rowOutcome } from '../../../domain/row-outcome';
import { acknowledge, aPlannedRun, aQueuedRun, send } from '../../factories/a-planned-run';

export type Place = Pick<StoredSync, 'id' | 'workspaceId'>;

/** A run of the sync that fails, as its workflow or the reconciler closes it; returns its id. */
export async function failingRun(
  knex: Knex,
  sync: Place,
  code: FailureCode = 'destination_auth_expired',
): Promise<string> {
  const { runId } = await aQueuedRun(knex, sync);
  await startRun(knex, runId);
  const ending: RunEnding = { kind: 'failed', failure: failureOf(code) };
  await closeRun(knex, runId, ending);
  return runId;
}

/** A run of the sync that writes its ten rows; refused ones if told so. */
export async function completedRun(
  knex: Knex,
  sync: StoredSync,
  outcome: number = rowOutcome.created,
): Promise<string> {
  const fence = await aPlannedRun(knex, { batches: 1, sync });
  await send(knex, fence, 1);
  await acknowledge(knex, fence, 1, outcome);
  await closeRun(knex, fence.runId, { kind: 'finished', failure: null });
  return fence.runId;
}

/** Judges until nothing is due; returns how many were, and those set aside. */
export async function judgeAll(knex: Knex): Promise<{ judged: number; setAside: number }> {
  const all = { judged: 0, setAside: 0 };
  for (;;) {
    const { judged, setAside } = await judgeDue(knex);
    all.judged += judged;
    all.setAside += setAside.length;
    if (judged + setAside.length === 0) return all;
  }
}

/** What became of the sync's alerts, in the order it did: `opened run_failed`. */
export async function storyOf(knex: Knex, { id }: Place): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { said: string }[] }>(
    `SELECT e.type || ' ' || a.kind AS said FROM alert_events e JOIN alerts a ON a.id = e.alert_id
     WHERE a.sync_id = ? ORDER BY e.id`,
    [id],
  );
  return rows.map(({ said }) => said);
}

/** Messages of the workspace in their order: their type, state, and how many alerts they tell of. */
export async function messagesOf(
  knex: Knex,
  { workspaceId }: Pick<Place, 'workspaceId'>,
): Promise<[type: string, state: string, alerts: number][]> {
  const { rows } = await knex.raw<{ rows: { type: string; state: string; alerts: number }[] }>(
    `SELECT type, state, (SELECT count(*) FROM alert_delivery_alerts a WHERE a.delivery_id = d.id) AS alerts
     FROM alert_deliveries d WHERE workspace_id = ? ORDER BY no`,
    [workspaceId],
  );
  return rows.map(({ type, state, alerts }) => [type, state, alerts]);
}

/** Makes it so much later for the messages: those of before are no longer of the last minutes. */
export async function passGathering(knex: Knex, { workspaceId }: Pick<Place, 'workspaceId'>): Promise<void> {
  await knex('alert_deliveries')
    .where({ workspace_id: workspaceId })
    .update({ due_at: knex.raw(`due_at - interval '10 minutes'`) });
}
