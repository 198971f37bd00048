// Owns the envelope of paged lists.
import type { Page, PageRequest } from '../db/page';

/** The query's paging as the database has it. */
export function pageRequest(query: { page: number; per_page: number }): PageRequest {
  return { page: query.page, perPage: query.per_page };
}

/** `{data, pagination{page, per_page, total}}`. */
export function paged<Row>(page: Page<Row>, request: PageRequest, present: (row: Row) => object): object {
  return {
    data: page.rows.map(present),
    pagination: { page: request.page, per_page: request.perPage, total: page.total },
  };
}
