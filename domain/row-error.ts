// Owns the words of a row error: why one row was refused. Failures of the whole run live in failure.ts.

export const rowErrorOrigins = ['source', 'mapping', 'destination'] as const;
export type RowErrorOrigin = (typeof rowErrorOrigins)[number];

/**
 * Why one row was refused. `rawValue` is the value as read from the model, as text; null for SQL null. Of values it tells no
 * more than the sync's policy lets it (raw-values).
 */
export interface RowError {
  /** Value of the row key; several key columns are joined with `,`. Null when the key itself is null. */
  readonly rowId: string | null;
  readonly field: string | null;
  readonly message: string;
  readonly rawValue: string | null;
  /** Stable word: our own for refusals before the destination, else the destination's or `rejected`. */
  readonly code: string;
  readonly origin: RowErrorOrigin;
}

/** What was to be done with a refused row; `none`: it was refused before that was known. */
export const rowErrorOperations = ['create', 'update', 'delete', 'none'] as const;
export type RowErrorOperation = (typeof rowErrorOperations)[number];
