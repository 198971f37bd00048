// Owns what can become of the alert of a sync's rule when something has happened.
import type { AlertFound } from './finding';
import type { AlertKind } from './rules';

export type Transition =
  /** Remind: it goes on and is to be told again; nothing new has happened. */
  | ({ readonly what: 'open' | 'repeat' | 'remind'; readonly kind: AlertKind } & AlertFound)
  /** Silent: the rule was switched off, or the sync deleted; nothing has got well. */
  | { readonly what: 'resolve'; readonly kind: AlertKind; readonly isSilent: boolean };
