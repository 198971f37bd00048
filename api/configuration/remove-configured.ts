// Owns the DELETE of sources, models and destinations: the condition, and what is answered. The stores delete.
import { mostUsers, type Removal, type RemovalPlace } from '../../db/configuration/edited';
import { inUse, notFound, preconditionFailed } from '../errors';
import { assertIfMatch } from './if-match';
import type { RouteAnswer } from '../route';

/** What is to go, as it was found, and what may need it. */
export interface Removable {
  readonly workspaceId: string;
  readonly id: string;
  readonly revision: number;
  readonly etag: string;
  /** `This model`. */
  readonly what: string;
  readonly userKind: 'model' | 'sync' | 'rule';
}

/**
 * 204. With If-Match only the state it names goes, else whatever there is. Throws 409 naming the users, 412, and 404 when it
 * went meanwhile.
 */
export async function removeConfigured(
  request: { readonly tokenId: string; header(name: string): string },
  { workspaceId, id, revision, etag, what, userKind }: Removable,
  store: { remove(place: RemovalPlace, removedBy: string | null): Promise<Removal | null> },
): Promise<RouteAnswer> {
  const condition = request.header('if-match');
  const isConditional = condition !== '';
  if (isConditional) assertIfMatch(condition, etag);
  const place = { workspaceId, id, ...(isConditional && { revision }) };
  const removal = await store.remove(place, request.tokenId);
  if (removal === null) throw isConditional ? preconditionFailed() : notFound(what);
  if (removal.isRemoved) return { status: 204, body: null };
  const named = removal.users
    .slice(0, mostUsers)
    .map((user) => `the ${userKind} "${user.name}" (${user.id})`);
  throw inUse(what, removal.users.length > mostUsers ? [...named, 'and others'] : named);
}
