// Owns the one line that moves while a run runs. Takes what the API says of its progress; lines of text go above it.
import { Format, MultiBar, type Options, type Params, type SingleBar } from 'cli-progress';
import type { Progress } from '../api/wire';
import type { Output } from './terminal';
import { count, rowsSoFar, waitWords, words } from './words';

// A line of eighty characters has room for the numbers beside it.
const barWidth = 24;

export class ProgressBar {
  private readonly bars: MultiBar;
  private readonly bar: SingleBar;
  private hasEnded = false;

  constructor(out: Output) {
    this.bars = new MultiBar({
      stream: out as NodeJS.WritableStream,
      hideCursor: true,
      clearOnComplete: true,
      barsize: barWidth,
      barCompleteChar: '█',
      barIncompleteChar: '░',
      fps: 5,
      // A line above the bar has moved it: it is drawn again although it says the same.
      forceRedraw: true,
      // Whoever watches decides what Ctrl-C does.
      gracefulExit: false,
      format: (options, params, payload: { progress: Progress | null }) =>
        lineOf(options, params, payload.progress),
    });
    this.bar = this.bars.create(0, 0, { progress: null });
  }

  show(progress: Progress): void {
    this.bar.setTotal(progress.rows_planned ?? 0);
    this.bar.update(progress.rows_answered, { progress });
  }

  /** Prints a line above the bar. */
  line(text: string): void {
    this.bars.log(`${text}\n`);
    this.bars.update();
  }

  /** Takes the bar away and gives the cursor back. */
  end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.bars.stop();
  }
}

function lineOf(options: Options, params: Params, progress: Progress | null): string {
  if (progress === null) return 'waiting for the run to start';
  const { waiting_for: wait, rows_planned: planned, rows_answered: answered } = progress;
  if (wait !== null) return `waiting: ${waitWords(wait)}`;
  const phase = words(progress.phase ?? 'starting');
  const rate =
    progress.rows_per_second === null ? '' : `  ${count(Math.round(progress.rows_per_second))} rows/s`;
  const rows = `${rowsSoFar(progress)}${rate}`;
  if (planned === null) return `${phase}  ${rows}`;
  const share = planned === 0 ? 1 : answered / planned;
  const bar = Format.BarFormat(Math.min(share, 1), options);
  return `${phase} ${bar} ${Math.floor(share * 100)}%  ${rows}`;
}
