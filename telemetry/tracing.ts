// Owns the words for spans, and doing without them. How they are made and sent is otlp-tracing's.

/** Values of spans: ids, codes and numbers. Never a row, a query or an error's text. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** What a span belongs to: the trace a caller began (`traceparent`, '' for none), or the trace of a run by its workflow id. */
export type SpanParent = { readonly traceparent: string } | { readonly workflowId: string };

export interface SpanStart {
  readonly name: string;
  readonly kind: 'server' | 'producer' | 'consumer';
  /** Absent: the span that is open around it, if any. */
  readonly parent?: SpanParent;
  /** A run whose trace this one leads to. */
  readonly linkTo?: { readonly workflowId: string };
  readonly attributes: SpanAttributes;
}

/** A span while its work is done. */
export interface OpenSpan {
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Marks it as failed; `code` is one of a closed list. */
  fail(code: string): void;
}

/** A run from its queueing to its end, as the root of its trace. */
export interface RunSpan {
  readonly workflowId: string;
  readonly queuedAt: Date;
  readonly completedAt: Date;
  /** The failure's code; null: it did not fail. */
  readonly failureCode: string | null;
  readonly attributes: SpanAttributes;
}

export interface Tracing {
  readonly isOn: boolean;
  /** Does the work within a span. An error passes through, and marks the span without its text. */
  span<Result>(start: SpanStart, work: (span: OpenSpan) => Promise<Result>): Promise<Result>;
  /** Tells of a whole run that has ended; its spans are below it whichever process made them. */
  run(run: RunSpan): void;
  /** Sends what is left, for two seconds at most. */
  close(): Promise<void>;
}

const silent: OpenSpan = { rename: () => undefined, set: () => undefined, fail: () => undefined };

/** Does everything as it is, and tells nobody. */
export const noTracing: Tracing = {
  isOn: false,
  span: (_, work) => work(silent),
  run: () => undefined,
  close: async () => undefined,
};

/** Who traces, and who hears of trouble with sending. */
export interface TracedService {
  readonly name: string;
  warn(message: string): void;
}
