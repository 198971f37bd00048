// Sends a request and keeps the whole answer as text, whatever its type: for tests that compare answers.
import type { GoodRequest } from './good-requests';

export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** `token` null: none is sent. */
export async function plainCall(
  url: string,
  token: string | null,
  { method, path, headers, body }: GoodRequest,
): Promise<PlainAnswer> {
  const answer = await fetch(url + path, {
    method,
    headers: {
      ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() };
}

// Different for every request, whoever asks.
const perRequest: ReadonlySet<string> = new Set(['date', 'x-request-id', 'content-length', 'ratelimit']);

/** The answer without what names the request itself: its id, its time, the path and the ids it asked for. */
export function blanked({ status, headers, text }: PlainAnswer, ids: readonly string[]): string {
  let body = text.replaceAll(/"(request_id|instance)":"[^"]*"/g, '"$1":""');
  for (const id of ids) body = body.replaceAll(id, '…');
  const kept = Object.entries(headers)
    .filter(([name]) => !perRequest.has(name))
    .map(([name, value]) => [name, name === 'link' ? withoutIds(value, ids) : value]);
  return JSON.stringify({ status, headers: Object.fromEntries(kept.toSorted()), body });
}

// Links repeat the query of the request.
function withoutIds(value: string, ids: readonly string[]): string {
  return ids.reduce((text, id) => text.replaceAll(id, '…'), value);
}
