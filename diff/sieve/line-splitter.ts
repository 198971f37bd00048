// Owns cutting a stream of chunks into lines, bounded in memory; it does not look inside a line.

const newline = 10;
// Enough for nearly every line that two chunks share; grown by doubling, given back after a long one.
const usualCarryBytes = 64 * 1024;

/**
 * Receives one line without its newline, valid during the call only. `tooLarge`: just the first `maxLineBytes` of it.
 * Returns true to stop after this line.
 */
export type OnLine = (buffer: Buffer, start: number, end: number, tooLarge: boolean) => boolean;

/** Lines may span chunks and be longer than any of them; no more than `maxLineBytes` of one are ever kept. */
export class LineSplitter {
  private carry = Buffer.allocUnsafeSlow(usualCarryBytes);
  /** Bytes of the unfinished line so far, kept or not. */
  private carried = 0;

  constructor(
    private readonly maxLineBytes: number,
    private readonly onLine: OnLine,
  ) {}

  /** Whether the chunks so far end inside a line. */
  get isInsideLine(): boolean {
    return this.carried > 0;
  }

  /** Hands over the lines from `from` on; returns where to go on after a stop, or the chunk's length. */
  split(chunk: Buffer, from: number): number {
    const { maxLineBytes, onLine } = this;
    let start = from;
    if (this.carried > 0) {
      const end = chunk.indexOf(newline, start);
      this.keep(chunk, start, end < 0 ? chunk.length : end);
      if (end < 0) return chunk.length;
      start = end + 1;
      if (this.finishCarried()) return start;
    }
    for (;;) {
      const end = chunk.indexOf(newline, start);
      if (end < 0) {
        this.keep(chunk, start, chunk.length);
        return chunk.length;
      }
      const tooLarge = end - start > maxLineBytes;
      const stop = onLine(chunk, start, tooLarge ? start + maxLineBytes : end, tooLarge);
      start = end + 1;
      if (stop) return start;
    }
  }

  private finishCarried(): boolean {
    const line = this.carry;
    const length = this.carried;
    this.carried = 0;
    const stop = this.onLine(line, 0, Math.min(length, this.maxLineBytes), length > this.maxLineBytes);
    if (line.length > usualCarryBytes) this.carry = Buffer.allocUnsafeSlow(usualCarryBytes);
    return stop;
  }

  private keep(chunk: Buffer, start: number, end: number): void {
    const kept = Math.min(this.carried, this.maxLineBytes);
    const wanted = Math.min(kept + end - start, this.maxLineBytes);
    if (wanted > this.carry.length) {
      const grown = Buffer.allocUnsafeSlow(
        Math.min(Math.max(wanted, this.carry.length * 2), this.maxLineBytes),
      );
      this.carry.copy(grown, 0, 0, kept);
      this.carry = grown;
    }
    chunk.copy(this.carry, kept, start, start + wanted - kept);
    this.carried += end - start;
  }
}
