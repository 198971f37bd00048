// Owns what sources, destinations and models have in common once they are there: who wrote them, which state of them a
// change was meant for, what keeps them from being deleted.

/** An object in the state that a change is meant for; each change raises its revision by one. */
export interface RevisionPlace {
  readonly workspaceId: string;
  readonly id: string;
  readonly revision: number;
}

/** The same for a deletion; without a revision any state will do. */
export interface RemovalPlace {
  readonly workspaceId: string;
  readonly id: string;
  readonly revision?: number | undefined;
}

/** What needs it: a model of a source, a sync of a model or destination. */
export interface User {
  readonly id: string;
  readonly name: string;
}

/** Removed, or kept for its users: the first of them, in order of creation, `mostUsers` and one more at most. */
export type Removal =
  { readonly isRemoved: true } | { readonly isRemoved: false; readonly users: readonly User[] };

/** As many users as are worth naming. */
export const mostUsers = 20;
