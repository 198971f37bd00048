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

/** What a check found, in words a person can act on. */
export interface CheckReport {
  readonly ok: boolean;
  readonly message: string;
  /** Facts worth showing, e.g. server version and user. */
  readonly details: Readonly<Record<string, string>>;
}

/** A place models are read from. Methods throw ConnectorFailure; an aborted signal ends them and what they started. */
export interface Source {
  check(signal: AbortSignal): Promise<CheckReport>;
  /** Columns of a model, without running it; throws `model_query_failed` with the user's own line number. */
  describe(sql: string, signal: AbortSignal): Promise<ModelColumn[]>;
  /** Runs the model in one read-only snapshot. The signal cancels the statement in the source too. */
  read(query: ModelRead, signal: AbortSignal): Promise<ModelStream>;
  close(): Promise<void>;
}
