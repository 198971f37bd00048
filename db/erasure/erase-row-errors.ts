// Owns erasing one row from the row errors of ended runs. They stay, without the row: counters and retries rest on them.
import type { Knex } from 'knex';
import type { KeyMatch } from '../../domain/sync';
import type { SyncPlace } from '../configuration/sync-lock';
import { groupHash, groupIdIn } from '../ledger/row-error-groups';
import { type FoundError, findRowErrors } from './find-row-errors';

/** What an erased row error says; its group is all that were erased of a field and a code. */
const erasedMessage = 'The row was erased';

/** Under the sync's lock. Returns how many there were. */
export async function eraseRowErrors(
  trx: Knex.Transaction,
  place: SyncPlace,
  rowId: string,
  keyMatch: KeyMatch,
): Promise<number> {
  // A worker that is taking values out of a run has read what it will write, and counts its groups anew: it is waited for
  // before anything is read here. No other one begins, as the caller has the sync's lock.
  // Asked of each of them, which are some hundreds at most: in a join the planner may read all runs.
  await trx.raw(
    `SELECT 1 FROM run_removals m WHERE (SELECT sync_id FROM runs WHERE id = m.run_id) = ? FOR UPDATE`,
    [place.syncId],
  );
  const found = await findRowErrors(trx, place, rowId, keyMatch);
  if (found.length === 0) return 0;
  await moveInGroups(trx, found);
  await trx.raw(
    `UPDATE row_errors e SET row_id = NULL, raw_value = NULL, message = :message, group_id = told.group_id
     FROM unnest(:runIds::text[], :rowNos::bigint[], :groupIds::bigint[]) AS told (run_id, row_no, group_id)
     WHERE e.run_id = told.run_id AND e.row_no = told.row_no`,
    {
      message: erasedMessage,
      runIds: found.map(({ run_id }) => run_id),
      rowNos: found.map(({ row_no }) => row_no),
      groupIds: found.map(erasedGroupOf),
    },
  );
  return found.length;
}

function erasedGroupOf({ run_id, field, code, origin }: FoundError): number {
  return groupIdIn(run_id, groupHash({ field, code, origin, message: erasedMessage }));
}

/** Counts the row errors out of their groups and into those of erased ones, in runs whose groups are stored. */
async function moveInGroups(trx: Knex.Transaction, found: readonly FoundError[]): Promise<void> {
  const of = <Value>(value: (error: FoundError) => Value): Value[] => found.map(value);
  const bindings = {
    message: erasedMessage,
    runIds: of(({ run_id }) => run_id),
    groupIds: of(({ group_id }) => group_id ?? 0),
    erasedIds: of(erasedGroupOf),
    hashes: of(({ field, code, origin }) => groupHash({ field, code, origin, message: erasedMessage })),
    fields: of(({ field }) => field),
    codes: of(({ code }) => code),
    origins: of(({ origin }) => origin),
    operations: of(({ operation }) => operation),
  };
  await trx.raw(
    `WITH moved AS (
       SELECT * FROM unnest(:runIds::text[], :groupIds::bigint[], :erasedIds::bigint[], :hashes::bigint[], :fields::text[],
         :codes::text[], :origins::text[], :operations::text[]) AS m (run_id, group_id, erased_id, hash, field, code, origin, operation)
       WHERE group_id <> erased_id),
     -- Rows of no group that is stored are counted under 0.
     left_groups AS (
       SELECT m.run_id, coalesce(g.group_id, 0) AS group_id, ${counts} FROM moved m
       LEFT JOIN row_error_groups g ON g.run_id = m.run_id AND g.group_id = m.group_id GROUP BY 1, 2),
     less AS (
       UPDATE row_error_groups g SET row_count = g.row_count - l.row_count,
         creates = CASE g.group_id WHEN 0 THEN 0 ELSE g.creates - l.creates END,
         updates = CASE g.group_id WHEN 0 THEN 0 ELSE g.updates - l.updates END,
         deletes = CASE g.group_id WHEN 0 THEN 0 ELSE g.deletes - l.deletes END
       FROM left_groups l WHERE g.run_id = l.run_id AND g.group_id = l.group_id)
     INSERT INTO row_error_groups AS g (run_id, workspace_id, sync_id, queue_no, group_id, group_hash, field, code, origin,
       message, row_count, creates, updates, deletes, blocks)
     SELECT r.id, r.workspace_id, r.sync_id, r.queue_no, e.erased_id, e.hash, e.field, e.code, e.origin, :message,
       e.row_count, e.creates, e.updates, e.deletes, 'none'
     FROM (SELECT m.run_id, erased_id, hash, field, code, origin, ${counts} FROM moved m GROUP BY 1, 2, 3, 4, 5, 6) e
     JOIN runs r ON r.id = e.run_id
     WHERE EXISTS (SELECT 1 FROM row_error_groups WHERE run_id = r.id)
     ON CONFLICT (run_id, group_id) DO UPDATE SET row_count = g.row_count + excluded.row_count,
       creates = g.creates + excluded.creates, updates = g.updates + excluded.updates, deletes = g.deletes + excluded.deletes`,
    bindings,
  );
  await trx.raw(`DELETE FROM row_error_groups WHERE run_id = ANY (?) AND row_count = 0`, [bindings.runIds]);
}

const counts = `count(*) AS row_count, count(*) FILTER (WHERE m.operation = 'create') AS creates,
  count(*) FILTER (WHERE m.operation = 'update') AS updates, count(*) FILTER (WHERE m.operation = 'delete') AS deletes`;
