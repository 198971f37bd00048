// Owns measuring the part of a try in which all went well.

export class Stopwatch {
  private startedMs: number | null = null;
  private stoppedMs: number | null = null;

  start(): void {
    this.startedMs = performance.now();
  }

  stop(): void {
    this.stoppedMs = performance.now();
  }

  /** Milliseconds from start to stop, or to now; 0 when it was never started. */
  get elapsedMs(): number {
    if (this.startedMs === null) return 0;
    return Math.round((this.stoppedMs ?? performance.now()) - this.startedMs);
  }
}
