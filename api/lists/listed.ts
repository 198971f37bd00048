// Owns how much of one object a list shows: long texts and arrays are cut, and it is said where. The object itself has all.
import { z } from 'zod';

/**
 * Characters of one text, or of the JSON of one array. A query or a mapping that a person wrote fits several times, and a
 * hundred objects with two such members each are 4 MB, where whole they could be 50.
 */
const mostCharacters = 16_000;

/** Added to an object of a list; absent: it is all there. */
export const cutAnswer = z
  .array(z.string())
  .optional()
  .meta({
    description:
      'JSON pointers to texts and arrays that are longer than a list shows: of them only the beginning is here. Read by its id, the object has all of it.',
    example: ['/sql'],
  });

/** `present` for lists: the same keys, nothing in it longer than a list shows, and `cut` where something was. */
export function listed<Row>(present: (row: Row) => object): (row: Row) => object {
  return (row) => {
    const cut: string[] = [];
    const shown = shortened(present(row), '', cut) as object;
    return cut.length === 0 ? shown : { ...shown, cut };
  };
}

function shortened(value: unknown, pointer: string, cut: string[]): unknown {
  if (typeof value === 'string') {
    if (value.length <= mostCharacters) return value;
    cut.push(pointer);
    // Not through the middle of a character.
    return `${value.slice(0, mostCharacters).replace(/[\ud800-\udbff]$/, '')}…`;
  }
  if (Array.isArray(value)) {
    let left = mostCharacters;
    const end = value.findIndex((entry) => (left -= JSON.stringify(entry).length) < 0);
    if (end === -1) return value;
    cut.push(pointer);
    return value.slice(0, end);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, shortened(member, `${pointer}/${key}`, cut)]),
  );
}
