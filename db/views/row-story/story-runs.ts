// Owns which runs of a sync a row's story is looked for in, and how far back one look goes.
import type { Knex } from 'knex';
import type { RunKind, RunOutcome, RunStatus, RunTrigger } from '../../../domain/run';
import { keyLines, rowKeyHash } from '../../../domain/row-key';
import { defaultSettings, type KeyMatch } from '../../../domain/sync';

/** A run that may have had the row. */
export interface StoryRun {
  readonly id: string;
  readonly queueNo: number;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | null;
  readonly kind: RunKind;
  readonly trigger: RunTrigger;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  /** What the row's key may be in it, as ledger and journal have it. */
  readonly keys: readonly Buffer[];
  /** Whether anything of its journal is left. */
  readonly hasLines: boolean;
}

/** Runs in a row, newest first. */
export interface RunsOfLook {
  readonly runs: readonly StoryRun[];
  /** Runs before the last of them, which were not looked at. */
  readonly hasMore: boolean;
}

/** Thrown when the row id can be read as more keys than are looked for. */
export class TooManyReadingsError extends Error {
  override readonly name = 'TooManyReadingsError';
}

interface RunRow extends Omit<StoryRun, 'keys'> {
  rowKey: string[] | null;
  keyMatch: KeyMatch | null;
  /** Rows of its batches and lines of its journal, each looked at once. */
  rows: number;
}

// Most runs of a quiet sync have no batch at all: so many cost some milliseconds.
const mostRuns = 1_000;
// 24 MB of the ledger, some tens of milliseconds. One run is looked at in any case, however many rows it has.
const mostRows = 1_000_000;

/** The next runs back from `before` (a place in the sync's queue; null: from the newest), as many as one look is worth. */
export async function runsToLookAt(
  knex: Knex,
  place: { readonly workspaceId: string; readonly syncId: string },
  rowId: string,
  before: number | null,
): Promise<RunsOfLook> {
  // LIMIT holds the planner to one look by key for each run: tables of all runs are not read for a thousand of them.
  const { rows } = await knex.raw<{ rows: RunRow[] }>(
    `SELECT r.id, r.queue_no AS "queueNo", r.status, r.outcome, r.kind, r.trigger, r.started_at AS "startedAt",
       r.completed_at AS "completedAt", m.row_key AS "rowKey", v.settings ->> 'keyMatch' AS "keyMatch",
       coalesce(j.has_lines, false) AS "hasLines",
       coalesce(p.rows, 0) + CASE WHEN j.has_lines THEN j.journalled ELSE 0 END AS rows
     FROM (SELECT * FROM runs WHERE workspace_id = :workspaceId AND sync_id = :syncId AND queue_no < :before
           ORDER BY queue_no DESC LIMIT ${mostRuns + 1}) r
     JOIN syncs s ON s.id = r.sync_id
     LEFT JOIN sync_versions v ON v.sync_id = r.sync_id AND v.version = r.sync_version
     LEFT JOIN model_versions m ON m.model_id = s.model_id AND m.version = r.model_version
     LEFT JOIN LATERAL (
       SELECT creates + updates + planned_deletes - skipped_deletes AS rows FROM change_plans WHERE run_id = r.id LIMIT 1) p ON true
     LEFT JOIN LATERAL (
       SELECT journalled, (SELECT true FROM journal_batches WHERE run_id = r.id LIMIT 1) AS has_lines
       FROM journals WHERE run_id = r.id AND published_at IS NOT NULL LIMIT 1) j ON true
     ORDER BY r.queue_no DESC`,
    { ...place, before: before ?? Number.MAX_SAFE_INTEGER },
  );
  const runs: StoryRun[] = [];
  const readings = new Map<string, Buffer[]>();
  let cost = 0;
  for (const { rowKey, keyMatch, rows: some, ...run } of rows.slice(0, mostRuns)) {
    cost += some;
    if (cost > mostRows && runs.length > 0) break;
    const [columns, match] = [rowKey?.length ?? 0, keyMatch ?? defaultSettings.keyMatch];
    const reading = `${columns} ${match}`;
    // Before its start a run has no versions, and no rows either.
    const keys = readings.get(reading) ?? (columns > 0 ? keyHashes(rowId, columns, match) : []);
    readings.set(reading, keys);
    runs.push({ ...run, keys });
  }
  return { runs, hasMore: rows.length > runs.length };
}

/** The hashes of all keys that are written as `rowId`. */
export function keyHashes(rowId: string, columns: number, match: KeyMatch): Buffer[] {
  const lines = keyLines(rowId, columns);
  if (!lines) throw new TooManyReadingsError('the row id can be read in too many ways');
  return lines.map((line) => Buffer.from(rowKeyHash(line, match)));
}
