// Owns what is known of one watched run: its timeline as frames, its progress, its end. All its streams read from here, so
// that each event is read and written down once. Reads nothing itself.
import type { RunPlace, SettledEvents } from '../../db/views/run-events-view';
import type { RunProgress } from '../../db/views/run-progress-view';
import { finalStatuses, type RunStatus } from '../../domain/run';
import { endFrame, eventFrame, progressFrame } from './frames';

/** An event as it is sent. */
export interface EventFrame {
  readonly id: number;
  readonly text: string;
}

/** Something a stream can send, and how often it has changed. */
interface Progress {
  readonly text: string;
  readonly revision: number;
}

export class RunWatch {
  /** Called when there is something new. */
  readonly readers = new Set<() => void>();
  private readonly frames: EventFrame[] = [];
  private status: RunStatus = 'queued';
  private settled = false;
  private gone = false;
  private lastFrame: string | null = null;
  private shownProgress: Progress | null = null;
  private progressKey = '';

  constructor(readonly run: RunPlace) {}

  /** Id of the last event there is. */
  get lastId(): number {
    return this.frames.at(-1)?.id ?? 0;
  }

  /** Whether the last look has seen everything. */
  get isSettled(): boolean {
    return this.settled;
  }

  /** Whether it has progress to tell of. */
  get isRunning(): boolean {
    return this.status === 'running' && !this.hasEnded;
  }

  /** Whether nothing more will come. */
  get hasEnded(): boolean {
    return this.lastFrame !== null || this.gone;
  }

  /** What is sent after the last event of an ended run; null also when the run was removed. */
  get end(): string | null {
    return this.lastFrame;
  }

  get progress(): Progress | null {
    return this.shownProgress;
  }

  /** The place of the first event after `id`. */
  placeAfter(id: number): number {
    const found = this.frames.findIndex((frame) => frame.id > id);
    return found === -1 ? this.frames.length : found;
  }

  /** The event at a place; undefined where none is yet. */
  frameAt(place: number): EventFrame | undefined {
    return this.frames[place];
  }

  /** Takes in what was read after `lastId`; null: there is no such run any more. */
  take(found: SettledEvents | null): void {
    if (found === null) {
      this.gone = true;
      this.settled = true;
    } else {
      for (const event of found.events) this.frames.push({ id: event.id, text: eventFrame(event) });
      this.status = found.status;
      this.settled = found.isWhole;
      const isFinal = (finalStatuses as readonly RunStatus[]).includes(found.status);
      if (isFinal && found.isWhole) this.lastFrame = endFrame(found.status, found.outcome);
    }
    this.tellReaders();
  }

  /** Takes in how far the run has come, unless that is known. */
  takeProgress(progress: RunProgress): void {
    if (this.hasEnded) return;
    // The rate alone falls from second to second while nothing moves: that is no news.
    const key = JSON.stringify({ ...progress, rowsPerSecond: null });
    if (key === this.progressKey) return;
    this.progressKey = key;
    const revision = (this.shownProgress?.revision ?? 0) + 1;
    this.shownProgress = { text: progressFrame(progress), revision };
    this.tellReaders();
  }

  private tellReaders(): void {
    for (const reader of this.readers) reader();
  }
}
