// Owns comma-separated values (RFC 4180) of foreign texts: whatever they hold, no spreadsheet and no terminal acts on it.

// A spreadsheet takes a cell that begins so for a formula, and some formulas send what is in the sheet elsewhere. The wide
// signs are those of East Asian keyboards, and blanks before a sign are overlooked.
const sign = '[=+\\-@\uff1d\uff0b\uff0d\uff20]';
const formula = new RegExp(`^(?:[\\t\\r\\n]|[\\s\\u200b]*${sign})`);
// Where lists are separated by semicolons, these end a cell: quotes count at the beginning of a cell alone, and by then that is
// not where ours are. What stands after them begins the next cell.
const innerFormula = new RegExp(`[;\\t\\r\\n](?=(?:["\\u200b]|[^\\S\\t\\r\\n])*${sign})`, 'g');
// Control characters but tab and line ends: a terminal would take them for its own.
// oxlint-disable-next-line no-control-regex
const control = /[\0-\x08\v\f\x0e-\x1f\x7f-\x9f]/g;
const needsQuotes = /[",;\r\n]/;

/** One line with its end. Null is an empty cell, and the empty text a quoted one. */
export function csvLine(values: readonly (string | null)[]): string {
  return `${values.map(cell).join(',')}\r\n`;
}

function cell(value: string | null): string {
  if (value === null) return '';
  const inert = value.replace(control, '\ufffd');
  const escaped = inert.replace(innerFormula, "$&'");
  const text = formula.test(inert) ? `'${escaped}` : escaped;
  return text === '' || needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
