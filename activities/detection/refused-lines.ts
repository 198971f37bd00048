// Owns the row errors of lines the plan refuses before the destination: null keys, duplicate keys, rows too large.
import { decodeLine } from '../../connectors/copy-text';
import type { PinnedConfig } from '../../db/configuration/pinned-config';
import type { Database } from '../../db/connect';
import { journalLines, type PublishedJournal, type StoredJournalBatch } from '../../db/ledger/journal-store';
import type { StoredRowError } from '../../db/ledger/row-error-store';
import { JournalIndex } from '../../diff/journal-batch';
import type { WritePlan } from '../../diff/plan/plan-changes';
import { rawValueUnder } from '../../domain/raw-values';
import { rowOperation } from '../../domain/row-outcome';
import { rowIdOf } from '../delivery/outgoing-batch';

const reasons: Record<number, { code: string; message: string }> = {
  [rowOperation.refuseNullKey]: { code: 'null_key', message: 'Row key is null' },
  [rowOperation.refuseDuplicateKey]: {
    code: 'duplicate_key',
    message: 'Row key appears more than once with different values',
  },
  [rowOperation.refuseTooLarge]: { code: 'row_too_large', message: 'Row is larger than 16 MiB' },
};

/** Row errors of every refused line, a page per journal batch that holds one, in line order. */
export async function* refusedLines(
  knex: Database,
  runId: string,
  journal: PublishedJournal,
  plan: WritePlan,
  { rowKey, sync }: Pick<PinnedConfig, 'rowKey' | 'sync'>,
): AsyncGenerator<StoredRowError[]> {
  // One journal batch at a time: lines may be megabytes each, and a stretch of many would not fit in memory.
  let part: StoredJournalBatch | undefined;
  let starts = new Uint32Array(0);
  let errors: StoredRowError[] = [];
  for (const { line, operation } of plan.refusals()) {
    if (!part || line >= part.firstLine + part.lines) {
      if (errors.length > 0) yield errors;
      errors = [];
      [part] = await journalLines(knex, runId, journal.attempt, line, line + 1);
      if (!part) throw new Error(`line ${line} of run ${runId} is not in its journal`);
      starts = new JournalIndex(part.index).starts(part.data.length);
    }
    const raw = part.data.subarray(starts[line - part.firstLine], starts[line - part.firstLine + 1]);
    const error = rowErrorOf(line, operation, raw, rowKey);
    errors.push({ ...error, rawValue: rawValueUnder(sync.settings.rawValues, error.rawValue) });
  }
  if (errors.length > 0) yield errors;
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
