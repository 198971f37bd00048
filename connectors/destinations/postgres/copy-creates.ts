// Owns the fastest way of a batch: new rows by COPY straight into the table, all of them or nothing. Knows no other way.
import { type Client, escapeIdentifier } from 'pg';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import type { OutgoingBatch } from '../../destination';
import type { MergeStatements } from './merge-statements';
import { copyIn } from './stage-rows';

/**
 * Whether COPY into this table means what INSERT … ON CONFLICT DO NOTHING means as long as no key is there: the same
 * values are read by the same types, and the same defaults, constraints and triggers see them. It does not where rules
 * would rewrite the INSERT (COPY passes them by), under row security (COPY is refused), for views and foreign tables, and
 * for a column that always numbers itself (COPY overrides it).
 */
export function takesCopy({ table, columns, target }: MergeStatements): boolean {
  return (
    target.mode !== 'update' && table.plain && !table.rowSecurity && !columns.some(({ numbered }) => numbered)
  );
}

/** Whether the plan knows none of the batch's rows. */
export function isAllNew({ kind, operations }: OutgoingBatch): boolean {
  return kind === 'write' && operations.every((operation) => operation === rowOperation.create);
}

/**
 * Copies a batch of new rows in. Null when the table did not keep as many as were sent: a trigger swallowed some, and
 * COPY does not say which. Throws as a whole at the first row that breaks anything, a key that is there among it.
 */
export async function copyCreates(
  client: Client,
  { table, columns }: MergeStatements,
  batch: OutgoingBatch,
): Promise<Uint8Array | null> {
  const names = columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  const kept = await copyIn(client, `${table.sqlName} (${names})`, batch.data);
  const rows = batch.operations.length;
  return kept === rows ? new Uint8Array(rows).fill(rowOutcome.created) : null;
}
