// Owns the envelopes of lists, by numbered pages and by cursor, and the Link header (RFC 8288) that leads from one to the next.
import type { Page, PageRequest, Stretch, WalkPlace } from '../../db/page';
import type { SecretKey } from '../../db/seal';
import { Cursors, firstCursor } from './cursor';
import type { RouteAnswer } from '../route';

/** The query's paging as the database has it. */
export function pageRequest(query: { page?: number | undefined; per_page: number }): PageRequest {
  return { page: query.page ?? 1, perPage: query.per_page };
}

/** `{data, pagination{page, per_page, total}}`. */
export function paged<Row>(page: Page<Row>, request: PageRequest, present: (row: Row) => object): object {
  return {
    data: page.rows.map(present),
    pagination: { page: request.page, per_page: request.perPage, total: page.total },
  };
}

/** Where a list is found, without a place in it. */
export interface ListAddress {
  readonly path: string;
  /** Filters and order. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** As `paged`, with links to the first, the previous and the next page. */
export function pageAnswer<Row>(
  page: Page<Row>,
  request: PageRequest,
  present: (row: Row) => object,
  list: ListAddress,
): RouteAnswer {
  return { headers: pageLinks(page.total, request, list), body: paged(page, request, present) };
}

/** The links of a numbered page, as a header. */
export function pageLinks(
  total: number,
  { page, perPage }: PageRequest,
  list: ListAddress,
): { Link: string } {
  const linkTo = (number: number): string => addressOf(list, { page: number, per_page: perPage });
  return {
    Link: linkHeader({
      first: linkTo(1),
      prev: page > 1 ? linkTo(page - 1) : null,
      next: page * perPage < total ? linkTo(page + 1) : null,
    }),
  };
}

/** A walk through a list, at one of its cursors. */
export interface Walk {
  /** Signs cursors. */
  readonly secretKey: SecretKey;
  readonly workspaceId: string;
  readonly list: ListAddress;
  readonly cursor: string;
  readonly perPage: number;
}

/** The next stretch of a walk, which `read` finds: `{data, pagination{per_page, next_cursor, prev_cursor}}`, and the same as links. */
export async function walkAnswer<Row, Mark>(
  { secretKey, workspaceId, list, cursor, perPage }: Walk,
  read: (place: WalkPlace<Mark>) => Promise<Stretch<Row, Mark>>,
  present: (row: Row) => object,
): Promise<RouteAnswer> {
  const cursors = new Cursors(secretKey, JSON.stringify([workspaceId, list]));
  const place = cursors.decode<Mark>(cursor);
  const stretch = await read(place);
  const isForward = place.way === 'after';
  // The way back is open unless the walk began at the edge. Past rows that are gone it leads to the other edge: null.
  const cameFromRows = place.mark !== null;
  const next = (isForward ? stretch.hasMore : cameFromRows)
    ? cursors.encode({ way: 'after', mark: stretch.last })
    : null;
  const previous = (isForward ? cameFromRows : stretch.hasMore)
    ? cursors.encode({ way: 'before', mark: stretch.first })
    : null;
  const linkTo = (to: string | null): string | null =>
    to === null ? null : addressOf(list, { cursor: to, per_page: perPage });
  return {
    headers: {
      Link: linkHeader({ first: linkTo(firstCursor), prev: linkTo(previous), next: linkTo(next) }),
    },
    body: {
      data: stretch.rows.map(present),
      pagination: { per_page: perPage, next_cursor: next, prev_cursor: previous },
    },
  };
}

/** Without scheme and host, which only the caller knows for sure: RFC 8288 resolves them against the request's address. */
export function addressOf({ path, query }: ListAddress, place: Record<string, string | number>): string {
  const parameters = new URLSearchParams(query.map(([name, value]): [string, string] => [name, value]));
  for (const [name, value] of Object.entries(place)) parameters.set(name, String(value));
  return `${path}?${parameters.toString()}`;
}

/** The links there are, as a Link header. */
export function linkHeader(links: Readonly<Record<'first' | 'prev' | 'next', string | null>>): string {
  return Object.entries(links)
    .flatMap(([relation, address]) => (address === null ? [] : [`<${address}>; rel="${relation}"`]))
    .join(', ');
}
