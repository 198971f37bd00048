// Owns the order of figures: one after the other, and that one which cannot be measured takes nothing from the others.
import type { BenchPlace } from './bench-place';
import { settle } from './data/settle';
import type { Figure } from './figure';
import type { BenchReport } from './report';

export interface MeasureAll {
  readonly place: BenchPlace;
  readonly say: (text: string) => void;
  /** Hears what is measured so far, after every figure: the machine may not live to see the next one. */
  readonly soFar: (report: Pick<BenchReport, 'figures' | 'failed'>) => void;
  /** Makes the server ready for the next figure. */
  readonly ready?: (place: BenchPlace) => Promise<void>;
}

/** Measures the figures; those that throw are named with the reason. */
export async function measureAll(
  wanted: readonly Figure[],
  { place, say, soFar, ready = settle }: MeasureAll,
): Promise<Pick<BenchReport, 'figures' | 'failed'>> {
  let report: Pick<BenchReport, 'figures' | 'failed'> = { figures: [], failed: [] };
  for (const figure of wanted) {
    say(figure.title);
    try {
      await ready(place);
      const result = await figure.measure(place, (text) => say(`  ${text}`));
      report = { ...report, figures: [...report.figures, { figure, result }] };
    } catch (error) {
      say(`  failed: ${error instanceof Error ? error.stack : String(error)}`);
      const reason = error instanceof Error ? error.message : String(error);
      report = { ...report, failed: [...report.failed, { name: figure.name, reason }] };
      // Its workers and servers would be beside the next figure.
      await place.endPrograms();
    }
    soFar(report);
  }
  return report;
}
