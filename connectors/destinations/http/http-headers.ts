// Owns which headers a configuration may set, and which of their texts are secret.

// Set by the call itself, or about the connection and not about what is asked.
const reserved =
  'content-length host idempotency-key accept-encoding connection keep-alive transfer-encoding upgrade expect te trailer'.split(
    ' ',
  );

/**
 * Faults of headers as configured; `place` begins each of them. Values are never repeated: they may be secrets. Credentials
 * among public headers are the API's to refuse: what was stored before it knew their names goes on being sent.
 */
export function headerFaults(place: string, given: Record<string, string>): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const lower = name.toLowerCase();
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) return [`${place}: "${name}" is not a header name`];
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      return [`${place}.${name}: holds a character no header may hold`];
    if (reserved.includes(lower)) return [`${place}.${name}: is set by the call itself`];
    return [];
  });
}

/** The same headers under lower-case names, so that a secret one replaces a public one. */
export function lowerCased(given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What of a header's value is secret: a foreign text may repeat `Bearer abc` or only `abc`. */
export function secretParts(value: string): string[] {
  const [scheme, ...credential] = value.split(/\s+/);
  const parts = credential.length > 0 ? credential : [scheme ?? ''];
  return [value, ...parts];
}
