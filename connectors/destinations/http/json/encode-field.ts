// Owns what is to be known of one field on its way to JSON: where it ends, whether it is a number, its rare forms.
import { decodeField } from '../../../copy-text';

const tab = 0x09;
const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;
const nine = 0x39;
const lowerE = 0x65;

/** Whether a field of a line that ends at `stop` ends at `at`. */
export function endsAt(data: Buffer, at: number, stop: number): boolean {
  return at === stop || (at < stop && data[at] === tab);
}

/** Where the number at data[from] ends; `from` itself when the field is none as JSON writes numbers (RFC 8259, 6). */
export function numberEnd(data: Buffer, from: number, stop: number): number {
  const whole = data[from] === minus ? from + 1 : from;
  let at = digitsEnd(data, whole, stop);
  if (at === whole || (data[whole] === zero && at > whole + 1)) return from;
  if (at < stop && data[at] === point) {
    const fraction = at + 1;
    at = digitsEnd(data, fraction, stop);
    if (at === fraction) return from;
  }
  // 0x20 makes a small letter of a capital one.
  if (at < stop && ((data[at] as number) | 0x20) === lowerE) {
    const sign = data[at + 1];
    const exponent = sign === minus || sign === plus ? at + 2 : at + 1;
    at = digitsEnd(data, exponent, stop);
    if (at === exponent) return from;
  }
  return endsAt(data, at, stop) ? at : from;
}

function digitsEnd(data: Buffer, from: number, stop: number): number {
  let at = from;
  while (at < stop && (data[at] as number) >= zero && (data[at] as number) <= nine) at++;
  return at;
}

/** Where the field at data[from] of a line that ends at `stop` ends. */
export function fieldEnd(data: Buffer, from: number, stop: number): number {
  let end = from;
  while (end < stop && data[end] !== tab) end++;
  return end;
}

/**
 * Writes the field at data[from] to out[end ..] the plain way: decoded, as it stands (`json`) or as a JSON string. There
 * must be room for it. Gives where the written bytes end.
 */
export function putDecoded(
  out: Buffer,
  end: number,
  data: Buffer,
  from: number,
  stop: number,
  form: 'json' | 'string',
): number {
  const text = decodeField(data, from, fieldEnd(data, from, stop));
  return end + out.write(form === 'json' ? (text ?? 'null') : JSON.stringify(text), end);
}
