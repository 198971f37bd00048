// Owns the form in which connectors get a stored connection. Stands below the registry, so that kinds need not import it.

/** A stored connection: its public configuration and its opened secrets. */
export interface Connection {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, unknown>>;
}
