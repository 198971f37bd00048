// Owns the hint that follows an unknown name: what was probably meant, or else what there is.

const mostNames = 20;

/** The end of a sentence, with its stop: `; did you mean "email"?` or `; there are "id", "email".` */
export function nearMatches(wanted: string, names: readonly string[]): string {
  const near = names.filter((name) => isNear(wanted.toLowerCase(), name.toLowerCase())).slice(0, 3);
  if (near.length > 0) return `; did you mean ${quoted(near, ' or ')}?`;
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return names.length === 0 ? '.' : `; there are ${quoted(names.slice(0, mostNames), ', ')}${more}.`;
}

function quoted(names: readonly string[], joint: string): string {
  return names.map((name) => `"${name}"`).join(joint);
}

// A third of the letters may be wrong, at least one and at most three: enough for a slip, not for another word.
function isNear(one: string, other: string): boolean {
  return distance(one, other) <= Math.min(3, Math.max(1, Math.floor(Math.min(one.length, other.length) / 3)));
}

/** Letters inserted, removed, exchanged, or swapped with their neighbour (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current.push(
        Math.min(
          (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          isSwapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Infinity,
        ),
      );
    }
    before = previous;
    previous = current;
  }
  return previous[other.length] ?? 0;
}
