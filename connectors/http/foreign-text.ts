// Owns how text of another server becomes text of ours: cut, without secrets, never trusted.

// 2,000 characters: every message of a CRM fits, a debug page does not.
const longestText = 2_000;
// Messages of this many characters or fewer are kept as they are.
const longestWord = 200;

/** A value of the destination's answer as text a row error or a failure may hold; null when there is none. */
export function shownText(value: unknown, secretTexts: readonly string[]): string | null {
  if (value === undefined || value === null) return null;
  let text = typeof value === 'string' ? value : asJson(value);
  for (const secret of secretTexts) text = text.replaceAll(secret, '[secret]');
  // PostgreSQL text cannot hold NUL.
  text = text.replaceAll('\0', '\ufffd').trim();
  if (text === '') return null;
  return text.length > longestText ? `${beginning(text, longestText)}…` : wellFormed(text);
}

/** PostgreSQL's JSON takes no half of a surrogate pair: foreign JSON may hold one, and a cut may leave one. */
export function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function beginning(text: string, length: number): string {
  return wellFormed(text.slice(0, length));
}

/** The same for a short word: a field name or a code. */
export function shownWord(value: unknown, secretTexts: readonly string[]): string | null {
  const text = shownText(value, secretTexts);
  return text !== null && text.length > longestWord ? `${beginning(text, longestWord)}…` : text;
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? '';
  } catch (error) {
    // Nested some thousand levels deep, it parses but does not print.
    if (error instanceof RangeError) return '[a value nested too deep to show]';
    throw error;
  }
}

/** What stands at a field of a parsed answer: the field itself, or a path of fields joined by dots. */
export function valueAt(value: unknown, path: string): unknown {
  const direct = ownField(value, path);
  if (direct !== undefined || !path.includes('.')) return direct;
  return path.split('.').reduce(ownField, value);
}

function ownField(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** A parsed JSON text, or undefined when it is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    // Some servers put a byte order mark in front, which JSON.parse refuses.
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const usualMessageFields = ['message', 'error_description', 'error', 'detail', 'title', 'errors'];

/** The message in the body of an answer that refuses a whole call; null when there is none worth showing. */
export function bodyMessage(
  text: string,
  messageField: string | null,
  secretTexts: readonly string[],
): string | null {
  const parsed = parsedJson(text);
  if (parsed === undefined) {
    // Of a web page only the title is shown: the rest is markup, and debug pages repeat what was sent.
    if (/^\s*</.test(text)) return shownText(/<title[^>]*>([^<]*)/i.exec(text)?.[1], secretTexts);
    return shownText(text, secretTexts);
  }
  if (typeof parsed !== 'object') return shownText(parsed, secretTexts);
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  for (const name of [...(messageField === null ? [] : [messageField]), ...usualMessageFields]) {
    const found = valueAt(body, name);
    if (found === undefined || found === null) continue;
    const inner: unknown = Array.isArray(found) ? found[0] : found;
    const message = shownText(
      valueAt(inner, messageField ?? 'message') ?? valueAt(inner, 'message') ?? inner,
      secretTexts,
    );
    if (message !== null) return message;
  }
  return null;
}
