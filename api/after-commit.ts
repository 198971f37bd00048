// Owns when a route tells the outside world of what it has written: once that is committed. Does not tell it.
import type { Knex } from 'knex';

/** What follows a write, over connections that are not the write's own. */
export type FollowUp = (knex: Knex) => Promise<void>;

export interface AfterCommitDependencies {
  readonly knex: Knex;
  /** Absent: `knex` commits each statement or transaction by itself, so that what was written before is committed. */
  readonly afterCommit?: (followUp: FollowUp) => void;
}

/**
 * Does it at once, and waits for it; within a transaction that holds a whole request it is left for the end of that. A
 * crash in between loses it: whatever is told here, the reconciler tells later too.
 */
export async function afterCommit(deps: AfterCommitDependencies, followUp: FollowUp): Promise<void> {
  if (deps.afterCommit) deps.afterCommit(followUp);
  else await followUp(deps.knex);
}

/** The same, but not to be spoken to before the commit: what it does there could not be undone. */
export function onceCommitted<Outside extends object>(outside: Outside, isCommitted: () => boolean): Outside {
  return new Proxy(outside, {
    get(target, name) {
      if (!isCommitted()) throw new Error(`${String(name)} was called in a transaction: use afterCommit`);
      return Reflect.get(target, name) as unknown;
    },
  });
}
