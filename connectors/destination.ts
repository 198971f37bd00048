// Owns the interface every destination implements: prepare, write batches with one outcome per row, tell a commit's fate.
import type { RowErrorOrigin } from '../domain/row-error';
import type { DestinationObject, SyncMode } from '../domain/sync';
import type { CheckReport, JsonForm } from './source';

/** One column of an outgoing line and the destination field it is written to. */
export interface OutgoingColumn {
  readonly column: string;
  readonly field: string;
  readonly json: JsonForm;
}

/** What a run writes: where, which fields (row key fields first) and by which mode. */
export interface DeliveryTarget {
  readonly object: DestinationObject;
  readonly columns: readonly OutgoingColumn[];
  /** The first `keyColumns` columns are the row key. */
  readonly keyColumns: number;
  readonly mode: SyncMode;
}

/** A numbered batch of one run, handed over as raw COPY text lines. */
export interface OutgoingBatch {
  /** Stable over every try of this batch: `<run>/<batch>`. Sub-batches append `/<from>-<to>` (row indexes). */
  readonly key: string;
  /** Lines of a `delete` batch hold the row key's columns only. */
  readonly kind: 'write' | 'delete';
  readonly data: Buffer;
  /** Row i is data[starts[i] .. starts[i + 1]), its newline included; length is rows + 1. */
  readonly starts: Uint32Array;
  /** rowOperation of each row: create, update or delete, as the snapshot sees it. */
  readonly operations: Uint8Array;
}

/** Why the destination refused one row; `row` is its index in the batch. */
export interface RowRefusal {
  readonly row: number;
  readonly field: string | null;
  readonly message: string;
  readonly code: string;
  readonly origin: RowErrorOrigin;
  /** Another row was in the way (a value that must be unique): it may pass once that row is changed or deleted. */
  readonly isTaken?: boolean;
}

/** One outcome per row of the batch (rowOutcome codes), a refusal for each `failed` or `failedUnsure`, and the calls it took. */
export interface BatchAnswer {
  readonly outcomes: Uint8Array;
  readonly refusals: readonly RowRefusal[];
  /** Duration of each call made, milliseconds. */
  readonly callMs: readonly number[];
}

/** What is known of a batch in the middle of it. It is kept, so that a further try goes on from there. */
export interface BatchSoFar {
  /** What earlier tries were told: one outcome per row, `unknown` or `goesAlone` where there is none. Null: nothing. */
  readonly outcomes: Uint8Array | null;
  /**
   * Keeps what is known by now; refusals are those of this try. From the moment of the call the write has its whole time
   * once more. `mayLand`: a call without an answer may still have effect. What it throws ends the write.
   */
  keep(answer: BatchAnswer, mayLand: boolean): Promise<void>;
}

/** What became of a transaction whose commit was not answered. */
export type CommitFate = 'committed' | 'aborted' | 'in_progress' | 'unknown';

/**
 * One writer of batches, one call at a time. In a transactional destination writes stay invisible until `commit`;
 * others apply each write at once and their `begin` and `commit` do nothing.
 */
export interface Lane {
  /** Starts a transaction; the id is what `fateOf` understands, null where the destination has none. */
  begin(signal: AbortSignal): Promise<string | null>;
  /**
   * Throws ConnectorFailure when the batch as a whole could not be handled; its rows are then without an answer.
   * Throws CallWithheld when the lane was stopped, or its turn did not come, before anything of the batch was sent.
   * Rows that `soFar` knows are not sent again; the answer has their outcomes, and no refusals of them.
   */
  write(batch: OutgoingBatch, signal: AbortSignal, soFar?: BatchSoFar): Promise<BatchAnswer>;
  /**
   * Throws CallWithheld when it was stopped before anything was sent, and a ConnectorFailure with `nothingApplied` when
   * the transaction was certainly rolled back. After anything else that is thrown only `fateOf` can tell.
   */
  commit(signal: AbortSignal): Promise<void>;
  /** Ends within a second or so: a connection that cannot carry it is cut, which undoes the transaction too. */
  rollback(): Promise<void>;
  close(): Promise<void>;
}

/** How a destination wants to be written to. */
export interface DeliveryHabits {
  /** Most rows of one batch. */
  readonly batchRows: number;
  /** Most bytes of lines of one batch; a longer line stands alone. */
  readonly batchBytes: number;
  /** Most lanes at once that may be writing. */
  readonly lanes: number;
  /** Lanes more that prepare and acknowledge meanwhile; their writes wait for one of the others to end. */
  readonly lanesAhead: number;
  /** Transactional destinations apply a run of up to this many changes all or nothing; 0 where there are no transactions. */
  readonly atomicRows: number;
  /** Longest one `write` may take from its begin, or from the last `keep`, milliseconds: after it no late effect can land. */
  readonly writeDeadlineMs: number;
}

/** A field and its type, as the destination names it: `integer`, `character varying(80)`. */
export interface FieldType {
  readonly field: string;
  readonly type: string;
}

/** A place rows are written to. Methods throw ConnectorFailure. */
export interface Destination {
  readonly habits: DeliveryHabits;
  check(signal: AbortSignal): Promise<CheckReport>;
  /** Checks access, fields and the key's unique index before the first write. */
  prepare(target: DeliveryTarget, signal: AbortSignal): Promise<void>;
  /** The types of the fields that a target that was prepared writes; absent where fields have none. */
  fieldTypes?(target: DeliveryTarget, signal: AbortSignal): Promise<readonly FieldType[]>;
  /** `signal` also stops the lane later: from then on it begins no call any more. */
  openLane(target: DeliveryTarget, signal: AbortSignal): Promise<Lane>;
  fateOf(transactionId: string, signal: AbortSignal): Promise<CommitFate>;
  close(): Promise<void>;
}
