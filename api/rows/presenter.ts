// Owns how the story of a row looks on the wire.
import type { RowStoryEntry } from '../../db/views/row-story/row-story-view';
import { presentRowError } from '../row-errors/presenter';
import { preciseWireTime, wireTimeOrNull } from '../wire-time';

/** One run that had the row. */
export function presentStoryEntry({ run, error, ...entry }: RowStoryEntry): object {
  return {
    run_id: run.id,
    status: run.status,
    outcome: run.outcome,
    kind: run.kind,
    trigger: run.trigger,
    started_at: wireTimeOrNull(run.startedAt),
    completed_at: wireTimeOrNull(run.completedAt),
    operation: entry.operation,
    result: entry.result,
    unsure: entry.isUnsure,
    attempts: entry.attempts,
    sent_at: entry.sentAt && preciseWireTime(entry.sentAt),
    answered_at: entry.answeredAt && preciseWireTime(entry.answeredAt),
    error: error && presentRowError(error),
  };
}
