// Owns how a request's path may be shown to others than the caller: as its route has it, never with a row key in it.
import { type IdKind, idPrefixes, isId } from '../../domain/ids';
import type { ApiContext } from '../api-context';

/** What the router leaves on a request. */
interface Routed {
  readonly _matchedRoute?: string;
  readonly matched?: readonly { readonly path: unknown }[];
  readonly params?: Readonly<Record<string, string>>;
}

/** The route's pattern, `/api/v1/syncs/:sync_id`; null when no route took the request. One of a closed list. */
export function matchedRoute(ctx: ApiContext): string | null {
  const { _matchedRoute: pattern } = ctx as unknown as Routed;
  return typeof pattern === 'string' ? pattern : null;
}

/**
 * The route's pattern with the ids that were asked for. Whatever else stands in a path, a row key or a secret in the place
 * of an id, is the caller's alone, and so is a path that is none of ours.
 */
export function shownPath(ctx: ApiContext): string {
  const { matched = [], params = {} } = ctx as unknown as Routed;
  // Another method's: its parameters were not read.
  const pattern = matchedRoute(ctx) ?? matched.at(-1)?.path;
  if (typeof pattern !== 'string') return 'unknown';
  return pattern.replaceAll(/:(\w+)/g, (shown, name: string) => {
    const [kind, value] = [name.slice(0, -'_id'.length), params[name] ?? ''];
    return kind in idPrefixes && isId(kind as IdKind, value) ? value : shown;
  });
}
