// Owns making text from rows and destinations harmless: a terminal obeys control characters, wherever they come from.

// Control characters, marks that turn the direction of writing or are not seen, line ends of their own, halves of pairs.
const active = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The text on one line, with everything a terminal would obey written out: ESC becomes `\u001b`. */
export function inert(text: string): string {
  return text.replace(active, (found) => short[found] ?? escaped(found));
}

/** JSON that says the same and holds nothing a terminal would obey; `indent` 0: on one line. */
export function inertJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(active, (found) =>
    found === '\n' ? found : escaped(found),
  );
}

function escaped(found: string): string {
  return Array.from({ length: found.length }, (_, at) => {
    return `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
