// Owns the interface every source implements: describe a model and stream its rows as COPY text bytes.

/** One column of a model's result. */
export interface ModelColumn {
  readonly name: string;
  /** The source's own type name, e.g. `bigint`, `timestamp with time zone`. */
  readonly type: string;
  /** How its text becomes JSON. */
  readonly json: JsonForm;
}

/** `number` and `boolean` become JSON's own; `json` is passed through as it stands; all else is a string. */
export type JsonForm = 'string' | 'number' | 'boolean' | 'json';

/** A model to read: one SQL statement and the columns wanted, row key columns first. */
export interface ModelRead {
  readonly sql: string;
  readonly columns: readonly string[];
  /** Statement timeout in seconds. */
  readonly timeoutSeconds: number;
  /** How often the rows are read, the same ones each time. Default: once. */
  readonly passes?: number;
}

/**
 * The result as PostgreSQL COPY text: columns separated by tabs, `\N` for null, one line a row. Chunks may break
 * lines anywhere. `rowCount` is the source's own count, known only after the chunks of a pass have ended.
 */
export interface ModelStream {
  readonly columns: readonly ModelColumn[];
  readonly chunks: AsyncIterable<Buffer>;
  /**
   * The rows once more, from the same snapshot, where more passes were asked for; the pass before has to be over. Throws the
   * signal's reason.
   */
  nextPass(): AsyncIterable<Buffer>;
  rowCount(): number;
}

/** One thing a check has looked at, by a stable name, and what it saw, in words a person can act on. */
export interface CheckedThing {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What a check found; `ok` when all of it is. What comes after a thing that is not well is not looked at. */
export interface CheckReport {
  readonly ok: boolean;
  readonly checks: readonly CheckedThing[];
}

/** A look at the first rows of a model. */
export interface ModelPreviewRead {
  readonly sql: string;
  /** Most rows wanted. */
  readonly limit: number;
  /** Statement timeout in seconds. */
  readonly timeoutSeconds: number;
}

/** One value as text; `cutFrom`: the text is the beginning of so many bytes. */
export interface PreviewValue {
  readonly text: string | null;
  readonly cutFrom: number | null;
}

/** The first rows of a model, values in the order of its columns. */
export interface ModelPreview {
  readonly columns: readonly ModelColumn[];
  readonly rows: readonly (readonly PreviewValue[])[];
  /** Whether the model has rows that are not among these. */
  readonly hasMore: boolean;
}

/** A place models are read from. Methods throw ConnectorFailure; an aborted signal ends them and what they started. */
export interface Source {
  check(signal: AbortSignal): Promise<CheckReport>;
  /** Columns of a model, without running it; throws `model_query_failed` with the user's own line number. */
  describe(sql: string, signal: AbortSignal): Promise<ModelColumn[]>;
  /** Runs the model for its first rows, read-only; as many values and bytes as fit on a screen, long values cut. */
  preview(query: ModelPreviewRead, signal: AbortSignal): Promise<ModelPreview>;
  /** Runs the model in one read-only snapshot. The signal cancels the statement in the source too. */
  read(query: ModelRead, signal: AbortSignal): Promise<ModelStream>;
  close(): Promise<void>;
}
