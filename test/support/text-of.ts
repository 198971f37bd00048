// Reads a value of Temporal's as somebody would who searches it: a history's event with its payloads.

/** Everything in a value that can be read, payloads as text. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner === 'bigint') return String(inner);
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString('utf8');
    // Buffers turn themselves into this before anybody is asked.
    const { type, data } = (inner ?? {}) as { type?: unknown; data?: unknown };
    return type === 'Buffer' && Array.isArray(data) ? Buffer.from(data as number[]).toString('utf8') : inner;
  });
}
