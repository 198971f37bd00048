// Owns which trace a run has: its ids follow from its workflow's, so that every process knows them without being told.
// Nothing is handed through Temporal: a run's histories are the same with and without tracing.
import { createHash } from 'node:crypto';

/** Hex, as the standard has them: 32 and 16 digits. */
export interface TraceIds {
  readonly traceId: string;
  readonly spanId: string;
}

/** The trace of a run, and the span that stands for the whole of it. */
export function runTrace(workflowId: string): TraceIds {
  const digest = createHash('sha256').update(`signalsmith run trace\0${workflowId}`).digest('hex');
  return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

/** What a caller's `traceparent` header names; null: it is no such header. */
export function parseTraceparent(header: string): (TraceIds & { readonly isSampled: boolean }) | null {
  const found = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-|$)/.exec(
    header.trim(),
  );
  const [, traceId, spanId, flags] = found ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
