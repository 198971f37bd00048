// Owns what messages about different rows have in common: a message with the values of its row left out, and whether a text
// that is searched for stands in every message of such a pattern, in some or in none.

// Beginning of a message that its pattern is made of: past it are dumps of whole answers.
const longestMessage = 2_000;

// Characters of each placeholder's values, as a text that is searched for has them: letters in lower case. Null: any, as
// between quotes and past the beginning.
const placeholders: Readonly<Record<string, RegExp | null>> = {
  number: /[\d.,:/+-]/,
  time: /[\dtz:.+-]/,
  uuid: /[\da-f-]/,
  id: /[\w.,:/+-]/,
  email: /[\w.+%@-]/,
  value: null,
  more: null,
};

const placeholderWord = new RegExp(`<(${Object.keys(placeholders).join('|')})>`, 'g');

// Quoted texts, e-mail addresses, and words with a digit in them. An apostrophe within a word begins no quoted text. Each
// part is read once: a message is foreign text, and may be made to take long.
const variable = new RegExp(
  [
    placeholderWord.source,
    '"[^"]*"',
    '`[^`]*`',
    '“[^”]*”',
    '‘[^’]*’',
    "(?<![A-Za-z0-9])'[^']*'(?![A-Za-z0-9])",
    '(?<![\\w.+%-])[\\w.+%-]{1,64}@[\\w-]+(?:\\.[\\w-]+)+',
    '(?<![\\w-])(?=[A-Za-z_-]*\\d)[\\w-]+(?:[.,:/+]\\d[\\w-]*)*',
  ].join('|'),
  'g',
);

const time = /^\d{4}-\d\d-\d\d(?:[tT][\d:.]+(?:[zZ]|[+-][\d:]+)?)?$|^\d\d?:\d\d(?::\d\d(?:\.\d+)?)?$/;
const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const number = /^-?\d+(?:[.,:/-]\d+)*$/;
const twoDigits = /\d.*\d/;

/**
 * The message without what differs from row to row: numbers, times, ids, e-mail addresses and whatever stands in quotes are
 * placeholders (`<number>`, `<value>` …). Of a long message only its beginning counts.
 */
export function messagePattern(message: string): string {
  const isLong = message.length > longestMessage;
  const beginning = isLong ? message.slice(0, longestMessage) : message;
  const pattern = beginning.replace(variable, placeholderFor);
  return isLong ? `${pattern}<more>` : pattern;
}

function placeholderFor(text: string): string {
  const first = text.charAt(0);
  // A message that holds a placeholder's own word must not be taken for a pattern.
  if (first === '<') return '<value>';
  if (`"\`“‘'`.includes(first)) return `${first}<value>${text.slice(-1)}`;
  if (text.includes('@')) return '<email>';
  if (time.test(text)) return '<time>';
  if (uuid.test(text)) return '<uuid>';
  if (number.test(text)) return '<number>';
  // One digit makes no id: OAuth2, Address1.
  return twoDigits.test(text) ? '<id>' : text;
}

/** Whether messages of the pattern may differ. */
export function hasPlaceholders(pattern: string): boolean {
  return pattern.search(placeholderWord) >= 0;
}

/** Letters a to z in lower case and all others as they are: what the database's `lower(… COLLATE "C")` gives. */
export function foldCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Whether a text stands in the messages of a pattern. */
export type Holding = 'always' | 'perhaps' | 'never';

/** Whether `text`, whatever the case of its letters, stands in messages of `pattern`. */
export function holds(pattern: string, text: string): Holding {
  const wanted = foldCase(text);
  // Every other piece is the name of a placeholder.
  const pieces = pattern.split(placeholderWord).map((piece, at) => (at % 2 === 0 ? foldCase(piece) : piece));
  if (pieces.some((piece, at) => at % 2 === 0 && piece.includes(wanted))) return 'always';
  // More ways than it is worth following them all.
  if (pieces.length > 2 * mostFollowed) return 'perhaps';
  const places = pieces.flatMap((piece, at): Place[] =>
    at % 2 === 0 ? piece.split('') : [placeholders[piece] ?? null],
  );
  return places.includes(null) || canHold(places, wanted) ? 'perhaps' : 'never';
}

const mostFollowed = 20;

/** What stands at one place of a pattern: a character, or one or more of a placeholder's; null: anything. */
type Place = string | RegExp | null;

/** Follows all ways at once in which the text could lie over the places, beginning anywhere. */
function canHold(places: readonly Place[], wanted: string): boolean {
  let open = new Set(places.keys());
  // When so many characters find a place, whether the others do is not worth the time.
  for (const character of wanted.slice(0, 64).split('')) {
    const next = new Set<number>();
    for (const at of open) {
      const place = places[at];
      if (place === character) next.add(at + 1);
      // One or more of a placeholder's characters.
      if (place instanceof RegExp && place.test(character)) next.add(at).add(at + 1);
    }
    if (next.size === 0) return false;
    open = next;
  }
  return true;
}
