// Owns how values are written in PostgreSQL's COPY text form. Reading it is connectors/copy-text's.

const escaped: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
};

/** A value as COPY would write it; null becomes `\N`. */
export function encodeField(value: string | null): string {
  if (value === null) return '\\N';
  return value.replace(/[\\\b\t\n\v\f\r]/g, (character) => escaped[character] ?? character);
}

/** One line with its newline. */
export function encodeLine(values: readonly (string | null)[]): string {
  return `${values.map(encodeField).join('\t')}\n`;
}
