// Owns telling a watch of the same process that there is something to look at: it need not look so often by itself.

/** Rung by whoever has done something, heard by one watch. */
export class Bell {
  private isRung = false;
  private hears: (() => void) | null = null;

  /** Called after the commit of what there is to see. */
  ring(): void {
    this.isRung = true;
    this.hears?.();
  }

  /** What rings from now on is news: whatever rang before is seen by the look that begins. */
  silence(): void {
    this.isRung = false;
  }

  /** `hears` is called when it rings, at once if it has; null: nobody listens any more. */
  listen(hears: (() => void) | null): void {
    this.hears = hears;
    if (this.isRung) hears?.();
  }
}
