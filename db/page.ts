// Owns what a part of a list is: a numbered page, or a stretch of a walk. Does not know what is listed.

/** Which part of a list is wanted; `page` counts from 1. */
export interface PageRequest {
  readonly page: number;
  readonly perPage: number;
}

/** One page and how many there are in all. */
export interface Page<Row> {
  readonly rows: Row[];
  readonly total: number;
}

/** Rows to skip before `page` begins. */
export function offsetOf({ page, perPage }: PageRequest): number {
  return (page - 1) * perPage;
}

/** Where a walk through an ordered list goes on: next to a row's mark, or from the list's own edge when it is null. */
export interface WalkPlace<Mark> {
  /** `before`: backwards, towards the beginning. */
  readonly way: 'after' | 'before';
  readonly mark: Mark | null;
}

/** Neighbouring rows of a list, in its order, with what to go on from. Nothing is counted. */
export interface Stretch<Row, Mark> {
  readonly rows: Row[];
  /** Of the first and the last row; null when there is none. */
  readonly first: Mark | null;
  readonly last: Mark | null;
  /** Whether there are more rows the way the walk goes. */
  readonly hasMore: boolean;
}

/** What a walk found, in its own direction, asked for one more than `most`: that one tells whether there are more. */
export function stretchOf<Row, Mark>(
  found: readonly Row[],
  most: number,
  way: WalkPlace<Mark>['way'],
  markOf: (row: Row) => Mark,
): Stretch<Row, Mark> {
  const rows = found.slice(0, most);
  if (way === 'before') rows.reverse();
  const [first, last] = [rows[0], rows.at(-1)];
  return {
    rows,
    first: first === undefined ? null : markOf(first),
    last: last === undefined ? null : markOf(last),
    hasMore: found.length > most,
  };
}
