// Owns what a row error may tell of its row's values: as they are, their shape, or nothing. Which it is, the sync says.
import { messagePattern } from './message-pattern';

/** `keep`: values as they are. `mask`: their shape. `omit`: none. */
export const rawValuePolicies = ['keep', 'mask', 'omit'] as const;
export type RawValuePolicy = (typeof rawValuePolicies)[number];

// What is left of a value; the pattern of a message has the same word for what stands in quotes.
const placeholder = '<value>';
// The beginning of a long value is enough to find it by: a destination may show no more of it.
const longestHead = 24;
// Shorter values stand within many words by chance, and are cut only where they stand alone.
const shortestAnywhere = 4;
// Of a mask: it shows what kind of text the value is, and no more is needed for that.
const longestMask = 200;

/** The value under the policy; null where there is none, or none may be told. */
export function rawValueUnder(policy: RawValuePolicy, value: string | null): string | null {
  if (value === null || policy === 'omit') return null;
  return policy === 'keep' ? value : maskOf(value);
}

/** The message under the policy. `values`: those of its row. */
export function messageUnder(
  policy: RawValuePolicy,
  message: string,
  values: readonly (string | null)[],
): string {
  if (policy === 'keep') return message;
  const cut = withoutValues(message, values);
  return policy === 'mask' ? cut : withoutVariables(cut);
}

/** The shape of a text: letters are `x`, digits `0`, signs of ASCII and blanks as they are, all else `?`. */
export function maskOf(value: string): string {
  const beginning = Array.from(value.slice(0, longestMask));
  const mask = beginning.map((character) => {
    if (/[\p{L}\p{M}]/u.test(character)) return 'x';
    if (/\p{N}/u.test(character)) return '0';
    return /[ -~]/.test(character) ? character : '?';
  });
  return mask.join('') + (value.length > longestMask ? '…' : '');
}

// At the end of a message that was cut: a quoted text that nothing closes any more, or the last word. Quoted texts that are
// closed are passed over.
const torn = /(["`“‘']<value>["`”’'])|(?:["`“‘]|(?<![A-Za-z0-9])')[^]*$|\S+$/g;

/** A message without anything that could be a value: what stands in quotes, numbers, times, ids, e-mail addresses. */
export function withoutVariables(message: string): string {
  const pattern = messagePattern(message);
  const beginning = pattern.replace(/<more>$/, '');
  const told =
    beginning === pattern
      ? pattern
      : `${beginning.replace(torn, (_, closed: string | undefined) => closed ?? placeholder)}…`;
  // One word for all, so that the message comes out of a second time as it went in.
  return told.replaceAll(/<(?:number|time|uuid|id|email)>/g, placeholder);
}

/** The message without the values where they stand in it, whatever the case of their letters. */
export function withoutValues(message: string, values: readonly (string | null)[]): string {
  const folded = message.toLowerCase();
  const found = values
    .flatMap((value) => (value === null ? [] : formsOf(value)))
    .filter((form) => headOf(form) !== '' && folded.includes(headOf(form).toLowerCase()))
    .toSorted((one, other) => other.length - one.length);
  if (found.length === 0) return message;
  const finder = new RegExp(found.map(finderOf).join('|'), 'giu');
  let text = '';
  let from = 0;
  for (let match = finder.exec(message); match; match = finder.exec(message)) {
    const head = match[0].toLowerCase();
    const ends = found
      .filter((form) => headOf(form).toLowerCase() === head)
      .map((form) => endOf(form, message, match.index));
    const end = Math.max(finder.lastIndex, ...ends);
    text += message.slice(from, match.index) + placeholder;
    from = finder.lastIndex = end;
  }
  return text + message.slice(from);
}

/** A value as it is, and as it stands in JSON. */
function formsOf(value: string): string[] {
  const inJson = JSON.stringify(value).slice(1, -1);
  return inJson === value ? [value] : [value, inJson];
}

function headOf(form: string): string {
  // Half of a character, as a cut may leave it, is found nowhere.
  return form.slice(0, longestHead).replace(/[\uD800-\uDBFF]$/, '');
}

function finderOf(form: string): string {
  const literal = headOf(form).replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
  return form.length < shortestAnywhere ? String.raw`(?<![\p{L}\p{N}])${literal}(?![\p{L}\p{N}])` : literal;
}

/** How far the message goes on as the value does. */
function endOf(form: string, message: string, start: number): number {
  let length = 0;
  while (
    length < form.length &&
    start + length < message.length &&
    form.charAt(length).toLowerCase() === message.charAt(start + length).toLowerCase()
  )
    length += 1;
  return start + length;
}
