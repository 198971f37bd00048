// Owns one open stream: what it has sent, and what it sends next when its reader is ready for more. It keeps no frames of
// its own, so that a slow reader costs no memory, and one that takes nothing at all is cut.
import { Readable } from 'node:stream';
import { heartbeatFrame, retryFrame } from './frames';
import type { RunWatch } from './run-watch';

export interface EventStreamOptions {
  /** The id its reader has seen last; 0: none. */
  readonly after: number;
  readonly retryMs: number;
  /** When it ends at the latest, by performance.now(); its reader comes again, with a token that is looked at again. */
  readonly endsAtMs: number;
  /** Called once, however it ends. */
  readonly closed: () => void;
}

// A minute at the usual pace of heartbeats: a line that is only slow has taken something by then.
const patientBeats = 4;

export class EventStream extends Readable {
  private prelude: string | null;
  private place: number;
  private progressSent = 0;
  private isWanted = false;
  private isOver = false;
  // Characters handed over, how many of them had been taken at the last beat, and for how many beats no more were.
  private handedOver = 0;
  private takenAtBeat = 0;
  private untakenBeats = 0;
  private readonly onNews = (): void => this.flow();

  constructor(
    private readonly watch: RunWatch,
    private readonly options: EventStreamOptions,
  ) {
    super({ encoding: 'utf8' });
    this.prelude = retryFrame(options.retryMs);
    this.place = watch.placeAfter(options.after);
    watch.readers.add(this.onNews);
  }

  override _read(): void {
    this.isWanted = true;
    this.flow();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.watch.readers.delete(this.onNews);
    this.options.closed();
    done(error);
  }

  /** Sends a sign of life; cuts the connection when nothing is taken, and ends the stream when its time is over. */
  beat(): void {
    if (this.isOver || this.destroyed) return;
    const taken = this.handedOver - this.readableLength;
    const isStuck = this.readableLength > 0 && taken === this.takenAtBeat;
    this.takenAtBeat = taken;
    this.untakenBeats = isStuck ? this.untakenBeats + 1 : 0;
    if (this.untakenBeats >= patientBeats) this.destroy();
    else if (performance.now() > this.options.endsAtMs) this.finish();
    else if (this.isWanted) this.send(heartbeatFrame);
  }

  /** Ends it although the run goes on; its reader comes again and goes on where it was. */
  finish(): void {
    if (this.isOver || this.destroyed) return;
    this.isOver = true;
    this.push(null);
  }

  private flow(): void {
    while (this.isWanted && !this.isOver && !this.destroyed) {
      const frame = this.nextFrame();
      if (frame !== null) this.send(frame);
      else if (this.watch.hasEnded) this.endWithRun();
      else return;
    }
  }

  private send(text: string): void {
    this.handedOver += text.length;
    this.isWanted = this.push(text);
  }

  private nextFrame(): string | null {
    const { prelude, watch } = this;
    if (prelude !== null) {
      this.prelude = null;
      return prelude;
    }
    for (let event = watch.frameAt(this.place); event !== undefined; event = watch.frameAt(this.place)) {
      this.place += 1;
      // What its reader has seen from another process may be read here only now.
      if (event.id > this.options.after) return event.text;
    }
    const { progress } = watch;
    if (watch.hasEnded || progress === null || progress.revision === this.progressSent) return null;
    this.progressSent = progress.revision;
    return progress.text;
  }

  private endWithRun(): void {
    if (this.watch.end !== null) this.send(this.watch.end);
    this.finish();
  }
}
