// Owns the grams of some texts: which four characters in a row stand in any of them, as a set of bits. A text that is
// searched for can stand in one of them only if all of its own grams do.

/** Bits of a set. Two sets fill a page of the database; 256 messages with a value each set a fifth of the bits. */
export const gramBits = 31_200;
export const gramBytes = gramBits / 8;

const gramLength = 4;

/** Adds the grams of a text, whatever the case of its letters a to z; within a byte the lowest bit comes first. */
export function addGrams(grams: Uint8Array, text: string): void {
  eachGram(text, (bit) => (grams[bit >> 3]! |= 1 << (bit & 7)));
}

/** The bits that are set wherever the text stands, `most` of them at most; none for a text of less than four characters. */
export function gramsOf(text: string, most: number): number[] {
  const bits = new Set<number>();
  eachGram(text, (bit) => bits.add(bit));
  return [...bits].slice(0, most);
}

function eachGram(text: string, visit: (bit: number) => void): void {
  let [one, two, three] = [0, 0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const four = code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
    if (at >= gramLength - 1) visit(bitOf(one, two, three, four));
    [one, two, three] = [two, three, four];
  }
}

// Any mixing will do that spreads letters and digits alike; stored sets are good for this one alone.
function bitOf(one: number, two: number, three: number, four: number): number {
  let mixed = Math.imul(one, 0x9e3779b1) ^ two;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77) ^ three;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae3d) ^ four;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x27d4eb2f);
  return ((mixed ^ (mixed >>> 15)) >>> 0) % gramBits;
}
