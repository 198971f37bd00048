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
  return isWithin(most, one, other);
}

/**
 * Whether so many letters inserted, removed, exchanged, or swapped with their neighbour make one of the other (optimal string
 * alignment). Only what can lead there is counted, as thousands of names are compared for one request.
 */
function isWithin(most: number, one: string, other: string): boolean {
  // Every letter that one has more is one that was inserted.
  if (Math.abs(one.length - other.length) > most) return false;
  const width = other.length + 1;
  const tooFar = most + 1;
  let before = new Uint8Array(width);
  let previous = new Uint8Array(width).map((_, column) => column);
  let current = new Uint8Array(width);
  for (let row = 1; row <= one.length; row += 1) {
    let least = Math.min(row, tooFar);
    current.fill(tooFar)[0] = least;
    // Further off the diagonal more letters were inserted or removed than may be.
    const last = Math.min(other.length, row + most);
    for (let column = Math.max(1, row - most); column <= last; column += 1) {
      const [here, there] = [one.charCodeAt(row - 1), other.charCodeAt(column - 1)];
      const isSwapped = here === other.charCodeAt(column - 2) && one.charCodeAt(row - 2) === there;
      const letters = Math.min(
        (previous[column - 1] as number) + (here === there ? 0 : 1),
        (previous[column] as number) + 1,
        (current[column - 1] as number) + 1,
        isSwapped ? (before[column - 2] as number) + 1 : tooFar,
      );
      current[column] = letters;
      least = Math.min(least, letters);
    }
    // No later row has less.
    if (least > most) return false;
    [before, previous, current] = [previous, current, before];
  }
  return (previous[other.length] as number) <= most;
}
