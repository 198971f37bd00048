// Owns what a page of a list is. Does not know what is listed.

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
