// Owns the data messages of a COPY … TO STDOUT, each as one piece of memory. What stands in them is the reader's.
import type { Connection, Submittable } from 'pg';

// First bytes of messages: https://www.postgresql.org/docs/current/protocol-message-formats.html
const copyData = 0x64;
const copyOutResponse = 0x48;
const copyDone = 0x63;
const headerBytes = 5;

type DataListener = (chunk: Buffer) => void;

/** The driver's socket, as far as it is used. */
interface Wire {
  listeners(event: 'data'): unknown[];
  on(event: 'data', listener: DataListener): void;
  off(event: 'data', listener: DataListener): void;
  destroy(error: Error): void;
}

export type CopyCallback = (error: Error | null) => void;

/**
 * A COPY as the driver runs queries of others' making. While it lasts it reads the socket itself, as pg-copy-streams does:
 * the driver joins what belongs to one message in ever larger buffers, three times the bytes, and that garbage was a
 * quarter of a writing worker's time. It knows just enough of the protocol to hand all but the data back to the driver.
 */
export class CopyMessages implements Submittable {
  /** Called at the end; set by the driver, unless it stands there before. */
  declare callback: CopyCallback;
  private wire: Wire | null = null;
  private driver: DataListener = () => undefined;
  private readonly header = Buffer.alloc(headerBytes);
  private headerFilled = 0;
  private message: Buffer = Buffer.alloc(0);
  private messageFilled = 0;
  private failure: Error | null = null;

  /** `onData` gets every message's bytes, its own from then on. What it throws fails the query. */
  constructor(
    private readonly sql: string,
    private readonly onData: (bytes: Buffer) => void,
  ) {}

  submit(connection: Connection): Error | void {
    const wire = connection.stream as unknown as Wire;
    const [driver, ...others] = wire.listeners('data') as DataListener[];
    if (!driver || others.length > 0) return new Error('somebody else reads the connection of a COPY');
    this.wire = wire;
    this.driver = driver;
    wire.on('data', this.onChunk);
    wire.off('data', driver);
    connection.query(this.sql);
  }

  /** What came through the driver after all, once something else than data had come. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    // The driver reads the next message into the same memory.
    this.take(Buffer.from(chunk));
  }

  handleError(error: Error): void {
    this.giveBack();
    this.callback(error);
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(this.failure);
  }

  private readonly onChunk = (chunk: Buffer): void => {
    for (let at = 0; at < chunk.length;) {
      if (this.headerFilled < headerBytes) {
        const taken = chunk.copy(this.header, this.headerFilled, at);
        this.headerFilled += taken;
        at += taken;
        if (this.headerFilled < headerBytes) return;
        if (!isOurs(this.header)) {
          this.giveBack();
          this.driver(Buffer.concat([this.header, chunk.subarray(at)]));
          return;
        }
        if (!this.beginMessage()) return;
      }
      const taken = chunk.copy(this.message, this.messageFilled, at);
      this.messageFilled += taken;
      at += taken;
      if (this.messageFilled < this.message.length) return;
      this.headerFilled = 0;
      if (this.header[0] === copyData) this.take(this.message);
    }
  };

  /** False when there is no memory of the length it says: nobody can tell any more where the next message begins. */
  private beginMessage(): boolean {
    try {
      // The length counts itself.
      this.message = Buffer.allocUnsafeSlow(this.header.readInt32BE(1) - 4);
      this.messageFilled = 0;
      return true;
    } catch (error) {
      // The driver hears of it, and fails the query. Thrown here it would be nobody's, and end the process.
      this.wire?.destroy(error as Error);
      return false;
    }
  }

  private take(bytes: Buffer): void {
    if (this.failure) return;
    try {
      this.onData(bytes);
    } catch (error) {
      this.failure = error as Error;
    }
  }

  private giveBack(): void {
    this.wire?.on('data', this.driver);
    this.wire?.off('data', this.onChunk);
    this.wire = null;
  }
}

function isOurs(header: Buffer): boolean {
  const [code] = header;
  return code === copyData || code === copyOutResponse || code === copyDone;
}
