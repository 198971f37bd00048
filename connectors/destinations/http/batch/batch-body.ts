// Owns one batch as the wire sees it: bodies of its pieces, the keys of its rows and what the plan expects of them.
import { rowOperation, rowOutcome, type RowOutcome } from '../../../../domain/row-outcome';
import type { SyncMode } from '../../../../domain/sync';
import { decodeField, fieldOffsets } from '../../../copy-text';
import type { DeliveryTarget, OutgoingBatch } from '../../../destination';
import type { JsonForm } from '../../../source';
import type { HttpConfig } from '../http-config';
import { encodeRows, type Envelope } from '../json/encode-rows';
import { endingWith, type RowShape, rowShape } from '../json/row-shape';
import type { AskedRows } from './read-results';

/** A batch encoded once; its pieces are the row ranges [from, to). */
export interface BatchBody {
  readonly rows: number;
  body(from: number, to: number): Buffer;
  asked(from: number, to: number): AskedRows;
}

/** What all batches of one target have in common. */
export interface BodyForm {
  readonly target: DeliveryTarget;
  readonly envelope: Envelope;
  readonly write: RowShape;
  readonly delete: RowShape;
  /** By the index of its ending, what a row is said to be; null when rows say nothing of it. */
  readonly words: readonly OperationWord[] | null;
}

const operationWords = ['create', 'update', 'delete'] as const;
type OperationWord = (typeof operationWords)[number];

/** The form of every body for this target. */
export function bodyForm(target: DeliveryTarget, { operationField, rowsField }: HttpConfig): BodyForm {
  const endings =
    operationField === null ? undefined : operationWords.map((word) => endingWith(operationField, word));
  return {
    target,
    envelope: {
      prefix: Buffer.from(rowsField === null ? '[' : `{${JSON.stringify(rowsField)}:[`),
      suffix: Buffer.from(rowsField === null ? ']' : ']}'),
    },
    write: rowShape(target.columns, endings),
    delete: rowShape(target.columns.slice(0, target.keyColumns), endings),
    words: endings ? operationWords : null,
  };
}

/** Encodes the batch. */
export function batchBody(batch: OutgoingBatch, { target, envelope, words, ...shapes }: BodyForm): BatchBody {
  const keyColumns = target.columns.slice(0, target.keyColumns);
  const endings =
    words &&
    Uint8Array.from(batch.operations, (operation) => words.indexOf(operationWord(operation, target.mode)));
  const encoded = encodeRows({ ...batch, endings }, shapes[batch.kind], envelope);
  const keyFields = keyColumns.map(({ field }) => field);

  const keyText = (values: readonly unknown[]): string | null => {
    if (values.length !== keyColumns.length) return null;
    const texts = values.map((value, at) => comparable(value, keyColumns[at]?.json ?? 'string'));
    return texts.includes(null) ? null : JSON.stringify(texts);
  };
  const keyOf = (row: number): string => {
    const offsets = fieldOffsets(batch.data, batch.starts[row] as number, batch.starts[row + 1] as number);
    const values = keyColumns.map((_, at) =>
      decodeField(batch.data, offsets[at] as number, (offsets[at + 1] as number) - 1),
    );
    // The plan refuses null keys, so a key is never null here.
    return keyText(values) ?? '';
  };

  return {
    rows: batch.starts.length - 1,
    body: (from, to) => encoded.body(from, to),
    asked: (from, to) => ({
      kind: batch.kind,
      planned: batch.operations.subarray(from, to).map((operation) => plannedOutcome(operation, target.mode)),
      keyOf: (row) => keyOf(from + row),
      keyText,
      keyFields,
    }),
  };
}

// The snapshot does not know which rows exist at the destination before this sync; the mode does.
function plannedOutcome(operation: number, mode: SyncMode): RowOutcome {
  if (operation === rowOperation.delete) return rowOutcome.deleted;
  if (mode === 'update') return rowOutcome.updated;
  return mode === 'insert' || operation === rowOperation.create ? rowOutcome.created : rowOutcome.updated;
}

function operationWord(operation: number, mode: SyncMode): OperationWord {
  const planned = plannedOutcome(operation, mode);
  if (planned === rowOutcome.deleted) return 'delete';
  return planned === rowOutcome.created ? 'create' : 'update';
}

// A key may come back as 7 where "7" or 7.0 was sent. Integers above 2^53 must come back as text: JSON.parse rounds them.
function comparable(value: unknown, json: JsonForm): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
  const text = String(value);
  if (json === 'boolean') return text === 't' ? 'true' : text === 'f' ? 'false' : text;
  if (json !== 'number' || text.trim() === '') return text;
  return Math.abs(Number(text)) <= Number.MAX_SAFE_INTEGER ? String(Number(text)) : text;
}
