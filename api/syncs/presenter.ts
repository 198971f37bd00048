// Owns how a sync looks on the wire.
import type { StoredSync } from '../../db/configuration/sync-store';
import type { RunView } from '../../db/views/run-view';
import type { SyncConfig } from '../../domain/sync';
import { presentRun } from '../runs/presenter';
import { wireTime } from '../wire-time';
import { presentCadence } from './schedule/presenter';

export function presentSync(sync: StoredSync): object {
  return {
    id: sync.id,
    name: sync.name,
    model_id: sync.modelId,
    destination_id: sync.destinationId,
    ...presentConfig(sync),
    overlap_policy: sync.overlapPolicy,
    schedule: sync.schedule && presentCadence(sync.schedule),
    paused: sync.pausedAt && { at: wireTime(sync.pausedAt), note: sync.pauseNote },
    version: sync.version,
    created_at: wireTime(sync.createdAt),
    updated_at: wireTime(sync.updatedAt),
    created_by: sync.createdBy && { ...sync.createdBy },
    updated_by: sync.updatedBy && { ...sync.updatedBy },
  };
}

/** What a run does: one version of the configuration. */
export function presentConfig({ mode, mapping, object, settings }: SyncConfig): object {
  return {
    mode,
    mapping: mapping.map(({ column, field }) => ({ column, field })),
    object,
    settings: {
      key_match: settings.keyMatch,
      budget_seconds: settings.budgetSeconds,
      patience_seconds: settings.patienceSeconds,
      query_timeout_seconds: settings.queryTimeoutSeconds,
      max_rows: settings.maxRows,
      stuck_after_seconds: settings.stuckAfterSeconds,
      raw_values: settings.rawValues,
      raw_value_days: settings.rawValueDays,
    },
  };
}

/** A sync with its newest run; null when it never ran. */
export function presentSyncDetail(sync: StoredSync, lastRun: RunView | null): object {
  return { ...presentSync(sync), last_run: lastRun && presentRun(lastRun) };
}
