// Owns the slow way of a batch: every row on its own, so that bad rows are refused by name and good ones written.
import type { Client } from 'pg';
import { rowOutcome } from '../../../domain/row-outcome';
import type { OutgoingBatch, RowRefusal } from '../../destination';
import { sqlState } from '../../postgres-error';
import type { MergeStatements } from './merge-statements';
import { answerStage, createTextStages, rowByRowBlock, textStage } from './row-by-row-block';
import { allRows, stageRows } from './stage-rows';
import { isRowTrouble, isTakenState } from './translate-error';

/** One outcome per row and the refusals, in row order. */
export interface RowAnswers {
  readonly outcomes: Uint8Array;
  readonly refusals: readonly RowRefusal[];
}

interface AnswerRow {
  readonly ordinal: number;
  readonly outcome: number;
  readonly state: string | null;
  readonly words: string | null;
  /** Column whose value could not be taken, by its place. */
  readonly place: number | null;
  /** Column the server names, by its name. */
  readonly field: string | null;
  /** Constraint or unique index that refused. */
  readonly rule: string | null;
}

/** Writes the batch row by row in one round trip; trouble that is no row's own is thrown. */
export async function refuseRows(
  client: Client,
  statements: MergeStatements,
  batch: OutgoingBatch,
  signal: AbortSignal,
): Promise<RowAnswers> {
  const { columns, target } = statements;
  const width = batch.kind === 'write' ? columns.length : target.keyColumns;
  await client.query(createTextStages(width));
  const unreadable: RowRefusal[] = [];
  await stageText(client, batch, allRows(batch), unreadable, signal);
  signal.throwIfAborted();
  await client.query(rowByRowBlock(statements, batch.kind));
  const answer = await client.query<AnswerRow>(`SELECT * FROM ${answerStage}`);
  const fields = await fieldsOfRules(client, statements, answer.rows);
  await client.query(`DROP TABLE ${textStage}, ${answerStage}`);

  const outcomes = new Uint8Array(batch.operations.length).fill(rowOutcome.failed);
  const refusals = [...unreadable];
  for (const row of answer.rows) {
    if (row.outcome !== rowOutcome.unknown) outcomes[row.ordinal] = row.outcome;
    if (outcomes[row.ordinal] === rowOutcome.failed) refusals.push(refusalOf(row, statements, fields));
  }
  return { outcomes, refusals: refusals.toSorted((one, other) => one.row - other.row) };
}

function refusalOf(
  row: AnswerRow,
  { columns }: MergeStatements,
  fields: ReadonlyMap<string, string>,
): RowRefusal {
  if (row.outcome === rowOutcome.unknown) {
    const message = 'The table did not keep the row: a trigger or rule swallowed it';
    return { row: row.ordinal, field: null, message, code: 'not_applied', origin: 'destination' };
  }
  const byPlace = row.place === null ? undefined : columns[row.place]?.name;
  return {
    row: row.ordinal,
    field: byPlace ?? (row.field || fields.get(row.rule ?? '')) ?? null,
    message: row.words ?? 'refused',
    code: row.state ?? 'rejected',
    origin: 'destination',
    isTaken: isTakenState(row.state),
  };
}

/** Stages rows as text. Rows whose bytes are no text in the destination's encoding are found by halving and refused. */
async function stageText(
  client: Client,
  batch: OutgoingBatch,
  rows: readonly number[],
  unreadable: RowRefusal[],
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  await client.query('SAVEPOINT signalsmith_text');
  try {
    await stageRows(client, textStage, batch, rows, (row) => `${row}\t${batch.operations[row] ?? 0}\t`);
  } catch (error) {
    if (!isRowTrouble(error, false)) throw error;
    await client.query('ROLLBACK TO SAVEPOINT signalsmith_text');
    const [row] = rows;
    if (rows.length === 1 && row !== undefined) {
      const message = (error as Error).message;
      unreadable.push({ row, field: null, message, code: sqlState(error), origin: 'destination' });
      return;
    }
    const half = Math.ceil(rows.length / 2);
    await stageText(client, batch, rows.slice(0, half), unreadable, signal);
    await stageText(client, batch, rows.slice(half), unreadable, signal);
    return;
  }
  await client.query('RELEASE SAVEPOINT signalsmith_text');
}

/** Rules over a single written column, with that column: the server does not name the column of a check or a unique index. */
async function fieldsOfRules(
  client: Client,
  { table, columns }: MergeStatements,
  rows: readonly AnswerRow[],
): Promise<ReadonlyMap<string, string>> {
  const rules = new Set(
    rows.flatMap(({ place, field, rule }) => (place === null && !field && rule ? [rule] : [])),
  );
  if (rules.size === 0) return new Map();
  const found = await client.query<{ rule: string; field: string }>(
    `SELECT rule, min(attname) AS field FROM (
       SELECT conname AS rule, unnest(conkey) AS attnum FROM pg_constraint WHERE conrelid = $1
       UNION SELECT i.relname, unnest(x.indkey) FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = $1
     ) AS parts JOIN pg_attribute a ON a.attrelid = $1 AND a.attnum = parts.attnum
     WHERE rule = ANY ($2) GROUP BY rule HAVING count(*) = 1`,
    [table.oid, [...rules]],
  );
  const written = new Set(columns.map(({ name }) => name));
  return new Map(found.rows.flatMap(({ rule, field }) => (written.has(field) ? [[rule, field]] : [])));
}
