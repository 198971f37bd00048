// Owns what the demo inbox has received: the newest messages, and how each call was answered. With a file they outlive the
// process: the alerts they tell of do, too.
import { type LineLog, openLineLog } from '../line-log';

/** One call as it arrived, and its answer. */
export interface ReceivedMessage {
  /** 1 for the first call ever. */
  readonly n: number;
  readonly at: string;
  readonly kind: 'slack' | 'webhook';
  readonly status: number;
  /** Why it was refused; null: it was taken. */
  readonly refusal: string | null;
  /** Of a webhook, the same at every try; null: none. */
  readonly id: string | null;
  /** Number of the first call that brought the same id and was taken; null: there was none. */
  readonly repeat_of: number | null;
  /** Parsed; null when it is no JSON. */
  readonly body: unknown;
  /** As it arrived. */
  readonly raw: string;
  readonly headers: Readonly<Record<string, string>>;
}

// A long demo; older ones are forgotten.
const mostKept = 1_000;
// Beyond so many lines the file is written anew with those that are kept.
const mostLines = 2 * mostKept;

/** What a line of the file has: the body is read from `raw` again. */
type StoredMessage = Omit<ReceivedMessage, 'body'>;

export class MessageBook {
  private readonly kept: ReceivedMessage[] = [];
  private count = 0;
  private log: LineLog<StoredMessage> | undefined;
  private lines = 0;

  /** `file` null: nothing is kept beyond the process. */
  static async open(file: string | null): Promise<MessageBook> {
    const book = new MessageBook();
    if (file === null) return book;
    book.log = await openLineLog<StoredMessage>(file, (stored) => {
      book.lines += 1;
      book.take({ ...stored, body: parsed(stored.raw) });
    });
    return book;
  }

  /** On disk when this returns, so that what was answered is not forgotten. */
  note(call: Omit<ReceivedMessage, 'n' | 'at' | 'repeat_of' | 'body'>): void {
    const earlier = call.id === null ? undefined : this.taken().find(({ id }) => id === call.id);
    const stored = {
      n: this.count + 1,
      at: new Date().toISOString(),
      ...call,
      repeat_of: earlier?.n ?? null,
    };
    this.log?.append(stored);
    this.lines += 1;
    this.take({ ...stored, body: parsed(call.raw) });
    if (this.lines <= mostLines) return;
    this.log?.replace(this.kept.map(({ body: _body, ...each }) => each));
    this.lines = this.kept.length;
  }

  close(): void {
    this.log?.close();
    this.log = undefined;
  }

  /** The newest calls, as many as are kept, the oldest first. */
  calls(): readonly ReceivedMessage[] {
    return this.kept;
  }

  /** Those that were taken. */
  taken(): readonly ReceivedMessage[] {
    return this.kept.filter(({ refusal }) => refusal === null);
  }

  /** How many calls there ever were. */
  get total(): number {
    return this.count;
  }

  private take(message: ReceivedMessage): void {
    this.count = message.n;
    this.kept.push(message);
    if (this.kept.length > mostKept) this.kept.shift();
  }
}

/** Null when it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
