// Owns the open event streams of this process: one listener, one watch for each run that is watched, however many watch it.
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { type Listener, listen } from '../../db/live/listen';
import { runEventsChannel, watchNothing, watchRefreshMs, watchRuns } from '../../db/live/run-watches';
import type { RunPlace } from '../../db/views/run-events-view';
import { runsProgress } from '../../db/views/run-progress-view';
import { ApiError } from '../errors';
import { EventStream } from './event-stream';
import { RunWatch } from './run-watch';
import { OpenPlaces } from '../rate-limit/open-places';
import { WatchReader } from './watch-reader';

export interface LiveEventsOptions {
  readonly knex: Knex;
  /** The same database, for the connection that listens. */
  readonly databaseUrl: string;
  readonly logger: Logger;
  /** A person's tabs and scripts; default 50. */
  readonly mostPerToken?: number;
  /** Half of a process: most installations have one workspace, and two thousand syncs in it; default 1,000. */
  readonly mostPerWorkspace?: number;
  /** What a process has file handles and memory for, twice over; default 2,000. */
  readonly mostInAll?: number;
  /** Default 15 s: proxies close what is quiet for thirty or sixty. */
  readonly heartbeatMs?: number;
  /** Default 5 min: for as long a stream goes on whose token has been revoked. */
  readonly longestMs?: number;
}

// What eyes can follow; one statement for all runs that are watched.
const progressMs = 1_000;
// Readers of a server that stops come back over two seconds, not all at once.
const retryMs = (): number => 1_000 + Math.round(Math.random() * 2_000);

interface Watched {
  readonly watch: RunWatch;
  readonly isRead: Promise<void>;
  /** Streams, and requests that are about to become one. */
  users: number;
}

export class LiveEvents {
  private readonly watcher = randomUUID();
  private readonly places: OpenPlaces;
  private readonly reader: WatchReader;
  private readonly watched = new Map<string, Watched>();
  private readonly streams = new Set<EventStream>();
  private listener: Listener | null = null;
  private timers: NodeJS.Timeout[] = [];
  private isAskingProgress = false;
  private isClosed = false;

  constructor(private readonly options: LiveEventsOptions) {
    const { mostPerToken = 50, mostPerWorkspace = 1_000, mostInAll = 2_000 } = options;
    this.places = new OpenPlaces('event streams open', { mostPerToken, mostPerWorkspace, mostInAll });
    this.reader = new WatchReader(options.knex, options.logger);
  }

  get openStreams(): number {
    return this.streams.size;
  }

  get watchedRuns(): number {
    return this.watched.size;
  }

  /**
   * A stream of the run's events after the id `after`, 0 for all; null when the run has ended and there are none. The run
   * must be there. Throws 429 when the token or its workspace has too many, 503 when the process stops.
   */
  async open(run: RunPlace, tokenId: string, after: number): Promise<EventStream | null> {
    if (this.isClosed) throw stopping();
    const giveBack = this.places.take({ tokenId, workspaceId: run.workspaceId });
    const watched = this.watchedRun(run);
    const leave = (): void => {
      giveBack();
      this.leave(watched);
    };
    try {
      await watched.isRead;
      if (this.isClosed) throw stopping();
    } catch (error) {
      leave();
      throw error;
    }
    const { watch } = watched;
    if (watch.hasEnded && watch.frameAt(watch.placeAfter(after)) === undefined) {
      leave();
      return null;
    }
    return this.newStream(watch, after, leave);
  }

  /** Ends every stream at once; none can be opened any more. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const stream of this.streams) stream.finish();
    this.stopTimers();
    await this.listener?.close();
    // Whatever is left behind holds for a minute or two.
    if (this.listener) await watchNothing(this.options.knex, this.watcher).catch(() => undefined);
  }

  private newStream(watch: RunWatch, after: number, leave: () => void): EventStream {
    const endsAtMs = performance.now() + (this.options.longestMs ?? 5 * 60_000);
    const stream = new EventStream(watch, {
      after,
      retryMs: retryMs(),
      endsAtMs,
      closed: () => {
        this.streams.delete(stream);
        if (this.streams.size === 0) this.stopTimers();
        leave();
      },
    });
    this.streams.add(stream);
    this.startTimers();
    if (!watch.isSettled) this.reader.ask(watch);
    return stream;
  }

  private watchedRun(run: RunPlace): Watched {
    const known = this.watched.get(run.runId);
    if (known) {
      known.users += 1;
      return known;
    }
    const watch = new RunWatch(run);
    const watched = { watch, isRead: this.beginToWatch(watch), users: 1 };
    this.watched.set(run.runId, watched);
    return watched;
  }

  // First the word that it is watched, then the look: an event comes into view before the look, or is notified, or was on
  // its way at the look, which is then repeated.
  private async beginToWatch(watch: RunWatch): Promise<void> {
    this.listener ??= this.newListener();
    await watchRuns(this.options.knex, this.watcher, [watch.run]);
    await this.reader.read(watch);
  }

  private leave(watched: Watched): void {
    watched.users -= 1;
    if (watched.users > 0) return;
    const { watch } = watched;
    this.reader.drop(watch);
    // Not one that has taken its place: after a failure that is possible.
    if (this.watched.get(watch.run.runId) === watched) this.watched.delete(watch.run.runId);
  }

  private newListener(): Listener {
    const { databaseUrl, logger } = this.options;
    return listen({
      databaseUrl,
      channel: runEventsChannel,
      heard: (runId) => {
        const watched = this.watched.get(runId);
        if (watched) this.reader.ask(watched.watch);
      },
      listening: () => void this.refresh(),
      lost: (error) => logger.warn({ err: error }, 'notifications of the database are lost until it is back'),
    });
  }

  // Watches anew and looks again: what was notified while nobody listened, or was not notified because the word had run out.
  private async refresh(): Promise<void> {
    const watches = [...this.watched.values()].map(({ watch }) => watch);
    if (watches.length === 0) return;
    try {
      await watchRuns(
        this.options.knex,
        this.watcher,
        watches.map(({ run }) => run),
      );
    } catch (error) {
      this.options.logger.warn({ err: error }, 'watched runs could not be told to the database');
    }
    for (const watch of watches) this.reader.ask(watch);
  }

  private startTimers(): void {
    if (this.timers.length > 0) return;
    const every = (ms: number, act: () => unknown): NodeJS.Timeout => setInterval(act, ms).unref();
    this.timers = [
      every(this.options.heartbeatMs ?? 15_000, () => this.beat()),
      every(progressMs, () => this.askProgress()),
      every(watchRefreshMs, () => this.refresh()),
    ];
  }

  private beat(): void {
    for (const stream of this.streams) stream.beat();
  }

  private stopTimers(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
  }

  private async askProgress(): Promise<void> {
    const running = [...this.watched.values()].map(({ watch }) => watch).filter(({ isRunning }) => isRunning);
    if (running.length === 0 || this.isAskingProgress) return;
    this.isAskingProgress = true;
    try {
      const found = await runsProgress(
        this.options.knex,
        running.map(({ run }) => run.runId),
      );
      for (const watch of running) {
        const progress = found.get(watch.run.runId);
        if (progress) watch.takeProgress(progress);
      }
    } catch (error) {
      this.options.logger.warn({ err: error }, 'the progress of watched runs could not be read');
    } finally {
      this.isAskingProgress = false;
    }
  }
}

function stopping(): ApiError {
  const detail = 'This server is about to stop; another one answers.';
  return new ApiError('server_stopping', detail, [], { 'Retry-After': '1' });
}
