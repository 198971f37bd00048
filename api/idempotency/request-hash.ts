// Owns what makes two requests the same one: the scope of a key, who asks, and what the request says. Hashes only, nothing is kept.
import { createHash } from 'node:crypto';
import { ApiError } from '../errors';

/** What a key means something in: the same key on another path, or in another workspace, is another key. */
export interface KeyPlace {
  readonly workspaceId: string;
  readonly method: string;
  /** With its ids, without the query. */
  readonly path: string;
  readonly key: string;
}

/** 32 bytes that stand for the key in its place. */
export function keyIdOf({ workspaceId, method, path, key }: KeyPlace): Buffer {
  return sha256(JSON.stringify([workspaceId, method, path, key]));
}

/**
 * 32 bytes that stand for token, query and body; the order of an object's keys is no matter. The token is of it because an
 * answer may hold what only its caller may read, as that of POST /tokens does. Throws 400 when the body nests too deep.
 */
export function requestHashOf(tokenId: string, query: unknown, body: unknown): Buffer {
  try {
    return sha256(JSON.stringify([tokenId, query, body], inOrder));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError('invalid_json', 'The body nests too deep.');
  }
}

function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
