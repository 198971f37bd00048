// Owns how a row names the token that did something: its id, and its name from a join. Tokens are never removed.

/** Who did something: a token by id and name, also when it has been revoked since. */
export interface TokenRef {
  readonly id: string;
  readonly name: string;
}

/** Null: no token did it. */
export function refOf(id: string | null, name: string | null): TokenRef | null {
  return id === null || name === null ? null : { id, name };
}
