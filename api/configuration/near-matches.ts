// Owns the hint that follows an unknown name: what was probably meant, or else what there is.

/** So many names of one request get a hint: each looks at every name there is, and whoever mends these asks again. */
export const mostHints = 20;
// As many as a sentence bears.
const mostNames = 20;
// A PostgreSQL column has 63 bytes, and a table 1,600 columns: what is beyond is no slip of a hand.
const longestName = 64;
const mostCompared = 1_600;

/** The end of a sentence, with its stop: `; did you mean "email"?` or `; there are "id", "email".` */
export function nearMatches(wanted: string, names: readonly string[]): string {
  const near = nearOf(wanted, names).slice(0, 3);
  if (near.length > 0) return `; did you mean ${quoted(near, ' or ')}?`;
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  return names.length === 0 ? '.' : `; there are ${quoted(names.slice(0, mostNames), ', ')}${more}.`;
}

function quoted(names: readonly string[], joint: string): string {
  return names.map((name) => `"${name}"`).join(joint);
}

function nearOf(wanted: string, names: readonly string[]): string[] {
  if (wanted.length > longestName) return [];
  const one = wanted.toLowerCase();
  return names
    .slice(0, mostCompared)
    .filter((name) => name.length <= longestName && isNear(one, name.toLowerCase()));
}

// A third of the letters may be wrong, at least one and at most three: enough for a slip, not for another word.
function isNear(one: string, other: string): boolean {
  const most = Math.min(3, Math.max(1, Math.floor(Math.min(one.length, other.length) / 3)));
  // Every letter that one has more is one that was inserted.
  return Math.abs(one.length - other.length) <= most && distance(one, other) <= most;
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
