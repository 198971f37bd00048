// Owns how a text of ours, with whatever names and messages of others it holds, becomes text that Slack shows as it stands.
import { wellFormed } from '../../http/foreign-text';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

// Control signs would break the line, and those that turn the direction of writing would show it in another order.
const unshown = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu;

/**
 * The text on one line, `& < >` as Slack wants them, at most `most` characters, the entities counted as they are sent. What
 * is cut ends in `…`. Never empty: Slack refuses that.
 */
export function escaped(text: string, most: number): string {
  const line = wellFormed(text).replaceAll(unshown, ' ').replaceAll(/ {2,}/g, ' ').trim() || '–';
  const whole = line.replaceAll(/[&<>]/g, (sign) => entities[sign] ?? sign);
  if (whole.length <= most) return whole;
  let cut = '';
  // By signs, so that neither an entity nor a pair of surrogates is cut in two.
  for (const sign of line) {
    const piece = entities[sign] ?? sign;
    if (cut.length + piece.length > most - 1) break;
    cut += piece;
  }
  return `${cut.trimEnd()}…`;
}

/** A link; `label` is a word of ours. */
export function link(url: string, label: string): string {
  // A bar or a bracket would end the address.
  const address = wellFormed(url)
    .replaceAll(/[|<>\s\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, encodeURIComponent)
    .replaceAll('&', '&amp;');
  return `<${address}|${label}>`;
}

/** As many of the pieces, joined, as have room; at least one, which has to have it. */
export function joined(pieces: readonly string[], by: string, most: number): string {
  let text = '';
  for (const piece of pieces) {
    const longer = text === '' ? piece : `${text}${by}${piece}`;
    if (longer.length > most) break;
    text = longer;
  }
  return text;
}
