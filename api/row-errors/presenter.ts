// Owns how row errors and their groups look on the wire: the product page's keys first and exactly, then more.
import type { GroupSighting, RowErrorGroupView } from '../../db/views/row-errors/row-error-groups-view';
import type { RowErrorView } from '../../db/views/row-errors/row-errors-view';
import { wireTimeOrNull } from '../wire-time';

/** A row error as lists and exports have it. */
export function presentRowError(error: RowErrorView) {
  return {
    row_id: error.rowId,
    field: error.field,
    message: error.message,
    raw_value: error.rawValue,
    code: error.code,
    origin: error.origin,
    operation: error.operation,
  };
}

/** A group's share is of all row errors of its run, `totalErrors`. */
export function presentGroup(group: RowErrorGroupView, totalErrors: number): object {
  return {
    id: groupWireId(group.hash),
    message: group.message,
    field: group.field,
    code: group.code,
    origin: group.origin,
    count: group.rows,
    share: Number((group.rows / totalErrors).toFixed(6)),
    sample_message: group.sampleMessage,
    sample_row_ids: group.sampleRowIds,
    first_seen: presentSighting(group.firstSeen),
    last_seen: presentSighting(group.lastSeen),
    new_in_this_run: group.isNew,
  };
}

function presentSighting({ runId, startedAt }: GroupSighting): object {
  return { run_id: runId, started_at: wireTimeOrNull(startedAt) };
}

/** 53 bits, in hex. */
function groupWireId(hash: number): string {
  return hash.toString(16).padStart(14, '0');
}
