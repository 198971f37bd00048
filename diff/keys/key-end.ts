// Owns where the row key of a line ends and whether it is null, in TypeScript; kernel/assembly has the same for speed.

const tab = 9;
const backslash = 0x5c;
const capitalN = 0x4e;

/** `keyEnd`: exclusive, -1 when the line has too few columns. `isNull`: one of the key columns is. */
export interface KeyEnd {
  readonly keyEnd: number;
  readonly isNull: boolean;
}

/** Where the first `columns` columns of a line end. A line that is not whole was cut, and so may its last column be. */
export function findKeyEnd(
  buffer: Buffer,
  start: number,
  end: number,
  columns: number,
  isWhole: boolean,
): KeyEnd {
  let left = columns;
  let fieldStart = start;
  let isNull = false;
  for (let at = start; at < end; at++) {
    if (buffer[at] !== tab) continue;
    if (isNullText(buffer, fieldStart, at)) isNull = true;
    if (--left === 0) return { keyEnd: at, isNull };
    fieldStart = at + 1;
  }
  if (!isWhole || left > 1) return { keyEnd: -1, isNull };
  return { keyEnd: end, isNull: isNull || isNullText(buffer, fieldStart, end) };
}

function isNullText(buffer: Buffer, start: number, end: number): boolean {
  return end - start === 2 && buffer[start] === backslash && buffer[start + 1] === capitalN;
}
