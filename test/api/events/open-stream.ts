// Reads an event stream frame by frame, as it was sent. Comes back by itself never: tests do that.
import type { Json, RunningApi } from '../running-api';

/** One frame. A heartbeat has none of the fields. */
export interface Frame {
  readonly id?: number;
  readonly event?: string;
  readonly retry?: number;
  readonly data?: Json;
}

export interface OpenOptions {
  readonly lastEventId?: number | string;
  readonly token?: string;
}

export class OpenStream {
  private readonly leave = new AbortController();
  private readonly frames: AsyncGenerator<Frame>;

  private constructor(readonly answer: Response) {
    this.frames = framesOf(answer);
  }

  /** The answer to a request for the run's stream, whatever it is. */
  static async open(
    api: Pick<RunningApi, 'url' | 'token'>,
    path: string,
    { lastEventId, token = api.token }: OpenOptions = {},
  ): Promise<OpenStream> {
    const leave = new AbortController();
    const answer = await fetch(api.url + path, {
      signal: leave.signal,
      headers: {
        Authorization: `Bearer ${token}`,
        Accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'Last-Event-ID': String(lastEventId) }),
      },
    });
    const stream = new OpenStream(answer);
    stream.leave.signal.addEventListener('abort', () => leave.abort());
    return stream;
  }

  /** The body of an answer that is no stream. */
  async json(): Promise<Json> {
    return this.answer.json();
  }

  /** The next frame; null when the stream has ended in order. */
  async next(): Promise<Frame | null> {
    const { value, done } = await this.frames.next();
    return done === true ? null : value;
  }

  /** The next event of the run, or the frame that ends it; null when the stream ends without one. */
  async nextEvent(): Promise<Frame | null> {
    for (;;) {
      const frame = await this.next();
      if (frame === null || (frame.event !== undefined && frame.event !== 'progress')) return frame;
    }
  }

  /** Every event up to the end, that frame included. */
  async rest(): Promise<Frame[]> {
    const found: Frame[] = [];
    for (;;) {
      const frame = await this.nextEvent();
      if (frame === null) return found;
      found.push(frame);
    }
  }

  /** Leaves without a word, as a closed tab does. */
  close(): void {
    this.leave.abort();
    this.frames.return(undefined).catch(() => undefined);
  }
}

async function* framesOf(answer: Response): AsyncGenerator<Frame> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const frame = text.slice(0, end);
      text = text.slice(end + 2);
      yield parsed(frame);
    }
  }
  if (text !== '') throw new Error(`the stream ended within a frame: ${text}`);
}

function parsed(frame: string): Frame {
  const fields = Object.fromEntries(
    frame
      .split('\n')
      .filter((line) => line !== ':')
      .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)]),
  );
  return {
    ...(fields['id'] === undefined ? {} : { id: Number(fields['id']) }),
    ...(fields['event'] === undefined ? {} : { event: fields['event'] }),
    ...(fields['retry'] === undefined ? {} : { retry: Number(fields['retry']) }),
    ...(fields['data'] === undefined ? {} : { data: JSON.parse(fields['data']) }),
  };
}
