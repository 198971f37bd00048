// Owns the row errors of lines the plan refuses before the destination: null keys, duplicate keys, rows too large.
import { decodeLine } from '../connectors/copy-text';
import type { Database } from '../db/connect';
import { journalLines, type PublishedJournal } from '../db/ledger/journal-store';
import type { StoredRowError } from '../db/ledger/row-error-store';
import { JournalIndex } from '../diff/journal-batch';
import type { WritePlan } from '../diff/plan-changes';
import { rowOperation } from '../domain/row-outcome';
import { rowIdOf } from './delivery/outgoing-batch';

// Pages of row errors as the journal is read; a page of lines is at most 64 MB of data, usually far less.
const pageLines = 10_000;

const reasons: Record<number, { code: string; message: string }> = {
  [rowOperation.refuseNullKey]: { code: 'null_key', message: 'Row key is null' },
  [rowOperation.refuseDuplicateKey]: {
    code: 'duplicate_key',
    message: 'Row key appears more than once with different values',
  },
  [rowOperation.refuseTooLarge]: { code: 'row_too_large', message: 'Row is larger than 16 MiB' },
};

/** Row errors of every refused line, in pages, in line order. Reads only the journal stretches that hold one. */
export async function* refusedLines(
  knex: Database,
  runId: string,
  journal: PublishedJournal,
  plan: WritePlan,
  rowKey: readonly string[],
): AsyncGenerator<StoredRowError[]> {
  let wanted: { line: number; operation: number }[] = [];
  for (const refusal of plan.refusals()) {
    const first = wanted[0];
    if (first && refusal.line - first.line >= pageLines) {
      yield await nameLines(knex, runId, journal, wanted, rowKey);
      wanted = [];
    }
    wanted.push(refusal);
  }
  if (wanted.length > 0) yield await nameLines(knex, runId, journal, wanted, rowKey);
}

async function nameLines(
  knex: Database,
  runId: string,
  journal: PublishedJournal,
  wanted: readonly { line: number; operation: number }[],
  rowKey: readonly string[],
): Promise<StoredRowError[]> {
  const from = wanted[0]?.line ?? 0;
  const to = (wanted.at(-1)?.line ?? 0) + 1;
  const operations = new Map(wanted.map(({ line, operation }) => [line, operation]));
  const errors: StoredRowError[] = [];
  for (const part of await journalLines(knex, runId, journal.attempt, from, to)) {
    const starts = new JournalIndex(part.index).starts(part.data.length);
    for (let line = 0; line < part.lines; line += 1) {
      const operation = operations.get(part.firstLine + line);
      if (operation === undefined) continue;
      const raw = part.data.subarray(starts[line], starts[line + 1]);
      errors.push(rowErrorOf(part.firstLine + line, operation, raw, rowKey));
    }
  }
  return errors;
}

function rowErrorOf(
  rowNo: number,
  operation: number,
  raw: Buffer,
  rowKey: readonly string[],
): StoredRowError {
  const reason = reasons[operation] ?? { code: 'refused', message: 'Row was refused' };
  const keys = decodeLine(raw, 0, raw.length).slice(0, rowKey.length);
  const isNullKey = operation === rowOperation.refuseNullKey;
  const nullColumn = isNullKey ? (rowKey[keys.indexOf(null)] ?? null) : null;
  const rowId = rowIdOf(raw, rowKey.length);
  return {
    rowNo,
    rowId,
    field: nullColumn ?? (rowKey.length === 1 ? (rowKey[0] ?? null) : null),
    message: reason.message,
    rawValue: isNullKey ? null : rowId,
    code: reason.code,
    origin: 'source',
    operation: 'none',
  };
}
