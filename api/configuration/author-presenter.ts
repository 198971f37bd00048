// Owns how the author of something looks on the wire.
import type { Author } from '../../db/configuration/author';

/** As `authorAnswer` says. */
export function presentAuthor(author: Author | null): { id: string; name: string } | null {
  return author && { id: author.id, name: author.name };
}
