// Owns what the demo inbox has received, in memory: the newest messages, and how each call was answered.

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

export class MessageBook {
  private readonly kept: ReceivedMessage[] = [];
  private count = 0;

  note(call: Omit<ReceivedMessage, 'n' | 'at' | 'repeat_of'>): ReceivedMessage {
    this.count += 1;
    const earlier = call.id === null ? undefined : this.taken().find(({ id }) => id === call.id);
    const message = {
      n: this.count,
      at: new Date().toISOString(),
      ...call,
      repeat_of: earlier?.n ?? null,
    };
    this.kept.push(message);
    if (this.kept.length > mostKept) this.kept.shift();
    return message;
  }

  /** All calls, the oldest first. */
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
}
