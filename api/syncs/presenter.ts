// Owns how a sync looks on the wire.
import type { StoredSync } from '../../db/configuration/sync-store';
import type { RunView } from '../../db/views/run-view';
import { presentRun } from '../runs/presenter';
import { wireTime } from '../wire-time';
import { presentCadence } from './schedule-presenter';

export function presentSync(sync: StoredSync): object {
  const { settings } = sync;
  return {
    id: sync.id,
    name: sync.name,
    model_id: sync.modelId,
    destination_id: sync.destinationId,
    mode: sync.mode,
    mapping: sync.mapping.map(({ column, field }) => ({ column, field })),
    object: sync.object,
    settings: {
      key_match: settings.keyMatch,
      budget_seconds: settings.budgetSeconds,
      patience_seconds: settings.patienceSeconds,
      query_timeout_seconds: settings.queryTimeoutSeconds,
      max_rows: settings.maxRows,
      stuck_after_seconds: settings.stuckAfterSeconds,
    },
    overlap_policy: sync.overlapPolicy,
    schedule: sync.schedule && presentCadence(sync.schedule),
    paused: sync.pausedAt && { at: wireTime(sync.pausedAt), note: sync.pauseNote },
    version: sync.version,
    created_at: wireTime(sync.createdAt),
    updated_at: wireTime(sync.updatedAt),
  };
}

/** A sync with its newest run; null when it never ran. */
export function presentSyncDetail(sync: StoredSync, lastRun: RunView | null): object {
  return { ...presentSync(sync), last_run: lastRun && presentRun(lastRun) };
}
