// Owns what one message to one channel says, whatever the channel: the connectors give it its form.
import type { RunFacts, ToldAlert } from './alert';

export const alertMessageTypes = [
  'alert.raised',
  'alert.repeated',
  'alert.resolved',
  'sync_run.completed',
  'channel.disabled',
  'channel.test',
] as const;
export type AlertMessageType = (typeof alertMessageTypes)[number];

/** Where a reader can look further; null: nobody has said where the product is reached. */
export interface RunLinks {
  readonly run: string;
  readonly errors: string;
  readonly temporal: string | null;
}

/** Most alerts that one message names; the rest it counts. */
export const mostAlertsNamed = 20;

/** An alert that a message names, with where one can look at its runs. */
export interface NamedAlert extends ToldAlert {
  /** Of `run`. */
  readonly links: RunLinks | null;
  /** Of `resolvedRun`. */
  readonly resolvedLinks: RunLinks | null;
}

/** Written down at the first try of a delivery, and the same at all others. */
export interface AlertMessage {
  /** The delivery's id, stable over every try. */
  readonly id: string;
  readonly type: AlertMessageType;
  /** RFC 3339: when it was made. */
  readonly at: string;
  readonly workspace: { readonly id: string; readonly name: string };
  /** The first 20 by when they were opened. */
  readonly alerts: readonly NamedAlert[];
  /** How many it is about, those named included. */
  readonly alertCount: number;
  /** Of sync_run.completed. */
  readonly run:
    | (RunFacts & {
        readonly sync: { readonly id: string; readonly name: string };
        readonly links: RunLinks | null;
      })
    | null;
  /** Of channel.disabled: which channel was switched off, and why. */
  readonly channel: { readonly id: string; readonly name: string; readonly reason: string } | null;
}

/** Two minutes: what fails for one cause fails within a run's time or so, and nobody is told of it later than that. */
export const gatherSeconds = 120;

/** A day: whoever looks after a channel has slept and is back. */
export const giveUpHours = 24;
