// Owns changing only what the caller has seen: If-Match against the version of what is stored (RFC 9110, 13.1.1).
import { preconditionFailed, preconditionRequired } from '../errors';

/**
 * Throws 428 without `If-Match`, 412 when none of its tags is `etag` (unquoted). `*` matches whatever there is. Weak tags
 * never match.
 */
export function assertIfMatch(header: string, etag: string): void {
  if (header.trim() === '') throw preconditionRequired();
  const tags = header.split(',').map((tag) => tag.trim());
  if (!tags.includes('*') && !tags.includes(`"${etag}"`)) throw preconditionFailed();
}
