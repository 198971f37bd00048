// Owns reading one answer as undici hands it on: to its end, up to a cap. What trouble means is the client's.
import type { Dispatcher } from 'undici';

/** An answer read to its end, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

type Headers = HttpAnswer['headers'];

/** One header of an answer; the first when it was sent several times. */
export function headerOf(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** An answer that went on past the cap. */
export class AnswerTooLong extends Error {}

/**
 * A handler for one dispatch. Read without a stream: what `undici.request` makes for each answer (a Readable, its
 * iterator, an abort controller) cost as much as sending a body of a thousand rows.
 */
export class AnswerReader implements Dispatcher.DispatchHandler {
  /** Settles at the end of the answer, or as soon as the call is ended. */
  readonly answer: Promise<HttpAnswer>;
  private resolve!: (answer: HttpAnswer) => void;
  private reject!: (error: unknown) => void;
  private controller: Dispatcher.DispatchController | null = null;
  private endedBy: Error | null = null;
  private status = 0;
  private headers: Headers = {};
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  /** `cutsOff`: of an answer its beginning will do; otherwise one that is longer ends the call with AnswerTooLong. */
  constructor(
    private readonly mostBytes: number,
    private readonly cutsOff = false,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Ends the call, wherever it is, and its connection; after the answer it does nothing. */
  end(reason: Error): void {
    this.endedBy ??= reason;
    this.reject(reason);
    this.controller?.abort(reason);
  }

  /** The same as its time is over: where a beginning will do, what has come by now is the answer. */
  endLate(reason: Error): void {
    if (this.hasBeginning()) this.hand();
    this.end(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    // It may have waited for its connection for longer than it had.
    if (this.endedBy) controller.abort(this.endedBy);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    // 102 and 103 come before the answer; undici takes 100 for trouble, since nobody has asked for it.
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const room = this.mostBytes - this.bytes;
    this.bytes += chunk.length;
    if (chunk.length <= room) return void this.chunks.push(chunk);
    if (this.cutsOff) {
      this.chunks.push(chunk.subarray(0, Math.max(0, room)));
      this.hand();
    }
    this.end(new AnswerTooLong());
  }

  onResponseEnd(): void {
    this.controller = null;
    this.hand();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.controller = null;
    // After an end of ours this settles nothing any more.
    if (this.hasBeginning()) this.hand();
    this.reject(error);
  }

  /** The status alone may be all that is asked for: what is cut off or drips behind it takes nothing back. */
  private hasBeginning(): boolean {
    return this.cutsOff && this.status !== 0;
  }

  private hand(): void {
    const text = Buffer.concat(this.chunks).toString('utf8');
    this.resolve({ status: this.status, headers: this.headers, text });
  }
}
