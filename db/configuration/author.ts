// Owns how a row names who did something: the token's id, and its name from a join. Tokens are never removed.

/** Who did something: the token it was done with, also when it has been revoked since. */
export interface Author {
  readonly id: string;
  readonly name: string;
}

/** Null: no token did it. */
export function authorOf(id: string | null, name: string | null): Author | null {
  return id === null || name === null ? null : { id, name };
}
