// Owns reading an event stream to the end of its run: its text form, and coming back when the connection is lost.
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, Unreachable } from './errors';

/** One message; `event` is its type. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
}

export interface FollowOptions {
  /** Opens the stream after an event's id, '' for all; null when nothing more will come. */
  readonly open: (lastEventId: string, signal: AbortSignal) => Promise<ReadableStream<Uint8Array> | null>;
  /** Ends it, with an AbortError. */
  readonly signal: AbortSignal;
  /** The connection is lost, and tried again. Called once for each stretch without one. */
  readonly lost: () => void;
}

// The server gives a sign of life every fifteen seconds: three that fail to come are a dead line.
const silenceMs = 45_000;
// The server asks for a second or three; one that stays away is asked less and less.
const firstPauseMs = 1_000;
const longestPauseMs = 10_000;
// A deploy or a restart takes a minute or two.
const patienceMs = 5 * 60_000;

/** Every message up to the one that ends the run, once each, whatever happens to the connection on the way. */
export async function* followEvents({ open, signal, lost }: FollowOptions): AsyncGenerator<StreamMessage> {
  const place = { lastEventId: '', retryMs: firstPauseMs };
  let wasOpen = false;
  let pauseMs = 0;
  let lostAtMs: number | null = null;
  for (;;) {
    const quiet = new Silence(signal);
    try {
      const body = await open(place.lastEventId, quiet.signal);
      if (body === null) return;
      wasOpen = true;
      for await (const message of messagesOf(body, place, () => quiet.heard())) {
        if (message.event === 'end') return;
        lostAtMs = null;
        pauseMs = 0;
        yield message;
      }
    } catch (error) {
      signal.throwIfAborted();
      // What was never there is told at once: it is more often a wrong address than an outage.
      if (!wasOpen || !mayPass(error)) throw error;
      lostAtMs ??= told(lost);
      if (performance.now() - lostAtMs > patienceMs) throw error;
    } finally {
      quiet.end();
    }
    pauseMs = Math.min(Math.max(pauseMs * 2, place.retryMs), longestPauseMs);
    await sleep(pauseMs, undefined, { signal });
  }
}

function told(lost: () => void): number {
  lost();
  return performance.now();
}

// Whatever breaks a stream in the middle is trouble with the connection.
function mayPass(error: unknown): boolean {
  return error instanceof ApiProblem ? error.mayPass : error instanceof Unreachable || isBroken(error);
}

function isBroken(error: unknown): boolean {
  return error instanceof TypeError || (error as Error).name === 'AbortError';
}

/** Aborts a connection on which nothing has come for too long. */
class Silence {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  readonly signal: AbortSignal;

  constructor(outer: AbortSignal) {
    this.signal = AbortSignal.any([outer, this.controller.signal]);
    this.timer = setTimeout(() => this.controller.abort(), silenceMs);
  }

  heard(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
    // A stream that is left before its end would keep its connection.
    this.controller.abort();
  }
}

interface Place {
  lastEventId: string;
  retryMs: number;
}

/** The messages of a stream, by the rules of the HTML standard; `place` is kept up to date with what they say of it. */
async function* messagesOf(
  body: ReadableStream<Uint8Array>,
  place: Place,
  heard: () => void,
): AsyncGenerator<StreamMessage> {
  let event = '';
  let data: string[] = [];
  let id = place.lastEventId;
  for await (const line of linesOf(body, heard)) {
    if (line === '') {
      // Only now: one that is cut off in the middle has to come again.
      place.lastEventId = id;
      if (data.length > 0) yield { event: event === '' ? 'message' : event, data: data.join('\n') };
      event = '';
      data = [];
      continue;
    }
    const [, name = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'event') event = value;
    else if (name === 'data') data.push(value);
    else if (name === 'id') id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) place.retryMs = Number(value);
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>, heard: () => void): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    heard();
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
