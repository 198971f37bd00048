// Owns the look through every history: how large payloads are, and that no row is in one (D14). Starts nothing.
import type { ChaosPlace } from '../place/chaos-place';
import { type ChaosResult, resultOf } from '../chaos-result';
import { canary } from '../place/sync-runs';

/** What was found in the histories of one place. */
export interface AuditedPayloads {
  readonly histories: number;
  readonly payloads: number;
  readonly largestBytes: number;
  readonly withRows: number;
}

// Temporal warns above 256 kB; ours carry ids and counts.
const mostBytes = 256 * 1024;

/** Every event of every workflow that ran in this place. */
export async function auditPayloads(place: ChaosPlace): Promise<AuditedPayloads> {
  const client = await place.temporalClient();
  const found = { histories: 0, payloads: 0, largestBytes: 0, withRows: 0 };
  for await (const { workflowId, runId } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    found.histories += 1;
    for (const event of history.events ?? []) {
      for (const data of payloadsIn(event)) {
        found.payloads += 1;
        found.largestBytes = Math.max(found.largestBytes, data.length);
        if (data.includes(canary)) found.withRows += 1;
      }
      // Messages of failures are no payloads, and would give a row away as well.
      if (
        JSON.stringify(event, (_, value: unknown) =>
          typeof value === 'bigint' ? `${value}` : value,
        ).includes(canary)
      )
        found.withRows += 1;
    }
  }
  return found;
}

export function payloadResult(audits: readonly AuditedPayloads[]): ChaosResult {
  const sum = (of: (audit: AuditedPayloads) => number): number =>
    audits.reduce((all, audit) => all + of(audit), 0);
  const largest = Math.max(0, ...audits.map(({ largestBytes }) => largestBytes));
  const histories = sum((audit) => audit.histories);
  const withRows = sum((audit) => audit.withRows);
  return resultOf(
    {
      id: 'D14',
      fault: 'payload audit of all histories above',
      expected: 'no payload > 256 kB, no row data',
    },
    [
      { text: `${histories} histories, ${sum((audit) => audit.payloads)} payloads`, holds: histories > 0 },
      { text: `largest ${largest} bytes`, holds: largest <= mostBytes },
      { text: `${withRows} with row data`, holds: withRows === 0 },
    ],
  );
}

/** The bytes of every payload below a value of the history. */
function payloadsIn(value: unknown): Buffer[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const { data } = value as { data?: unknown };
  if (data instanceof Uint8Array) return [Buffer.from(data)];
  return Object.values(value).flatMap(payloadsIn);
}
