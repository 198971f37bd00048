// Owns the making of outgoing batches for tests: values in, raw COPY text lines out.
import { encodeLine } from '../../domain/copy-line';
import type { OutgoingBatch } from '../../connectors/destination';
import { rowOperation } from '../../domain/row-outcome';

export type TestValues = readonly (string | null)[];

let made = 0;

/** A batch of `rows` (values in the target's column order); one operation for all of them, or one each. */
export function aBatch(
  rows: readonly TestValues[],
  operation: keyof typeof rowOperation | readonly (keyof typeof rowOperation)[] = 'create',
): OutgoingBatch {
  const lines = rows.map((row) => Buffer.from(encodeLine(row)));
  const starts = new Uint32Array(rows.length + 1);
  lines.forEach((line, row) => {
    starts[row + 1] = (starts[row] ?? 0) + line.length;
  });
  const words = typeof operation === 'string' ? rows.map(() => operation) : operation;
  made += 1;
  return {
    key: `run_test/${made}`,
    kind: words.every((word) => word === 'delete') ? 'delete' : 'write',
    data: Buffer.concat(lines),
    starts,
    operations: Uint8Array.from(words, (word) => rowOperation[word]),
  };
}
