// Owns when a watched run is read from the database: once for all its streams, a few runs at a time, again after trouble.
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { settledEvents } from '../../db/views/run-events-view';
import type { RunWatch } from './run-watch';

// Of the ten connections of the pool: what many watched runs ask for at once, as after a restart of the database, must not
// keep requests waiting.
const lanes = 3;
// An event on its way is there within milliseconds, or its writer hangs. Its end may come without a notification.
const unsettledMs = 200;
// As long as a restart takes; whoever comes back is asked at once by what it says then.
const troubleMs = 1_000;

export class WatchReader {
  private readonly due = new Set<RunWatch>();
  private readonly busy = new Map<RunWatch, Promise<void>>();
  private readonly timers = new Map<RunWatch, NodeJS.Timeout>();

  constructor(
    private readonly knex: Knex,
    private readonly logger: Logger,
  ) {}

  /** Reads what is new of the run as soon as its turn comes. */
  ask(watch: RunWatch): void {
    if (watch.hasEnded) return;
    this.due.add(watch);
    this.pump();
  }

  /** Reads what is new of the run now; rejects when the database does not answer. */
  async read(watch: RunWatch): Promise<void> {
    // One look at a time: two that begin at the same event would both take in what comes after it.
    for (let before = this.busy.get(watch); before; before = this.busy.get(watch))
      await before.catch(() => undefined);
    const look = this.look(watch);
    this.busy.set(watch, look);
    try {
      await look;
    } finally {
      this.busy.delete(watch);
      this.pump();
    }
    if (!watch.isSettled) this.askAfter(watch, unsettledMs);
  }

  /** Asks no more for it. */
  drop(watch: RunWatch): void {
    this.due.delete(watch);
    clearTimeout(this.timers.get(watch));
    this.timers.delete(watch);
  }

  private async look(watch: RunWatch): Promise<void> {
    watch.take(await settledEvents(this.knex, watch.run, watch.lastId));
  }

  private pump(): void {
    for (const watch of this.due) {
      if (this.busy.size >= lanes) return;
      // One that is being read may miss what it was asked for: it is read once more after that.
      if (this.busy.has(watch)) continue;
      this.due.delete(watch);
      this.read(watch).catch((error: unknown) => {
        this.logger.warn({ run_id: watch.run.runId, err: error }, 'the events of a run could not be read');
        this.askAfter(watch, troubleMs);
      });
    }
  }

  private askAfter(watch: RunWatch, ms: number): void {
    // Nobody reads it any more: it has been dropped, perhaps while it was being read.
    if (watch.readers.size === 0 || this.timers.has(watch)) return;
    const timer = setTimeout(() => {
      this.timers.delete(watch);
      this.ask(watch);
    }, ms);
    this.timers.set(watch, timer.unref());
  }
}
