// Owns starting runs that were queued while Temporal was away. Safe in any number of workers: a second start is none.
import type { Knex } from 'knex';
import { lostStarts } from '../db/runs/lost-starts';
import type { RunLauncher } from '../temporal/run-launcher';

/** Starts the workflow of every run that lacks one; returns how many. Throws the first trouble once all were tried. */
export async function startLostRuns(knex: Knex, launcher: RunLauncher): Promise<number> {
  const lost = await lostStarts(knex);
  const troubles: unknown[] = [];
  for (const { title, ...run } of lost) {
    try {
      await launcher.start({ ...run, summary: `${title} (${run.trigger})` });
    } catch (error) {
      // One run that cannot be started must not hold up those behind it.
      troubles.push(error);
    }
  }
  if (troubles.length > 0) throw troubles[0];
  return lost.length;
}

// Five seconds: a queued run is not kept waiting, and the query reads a handful of index entries.
const everyMs = 5_000;

/** Looks for lost runs again and again until stopped; trouble is told and tried again. */
export function watchLostRuns(
  knex: Knex,
  launcher: RunLauncher,
  log: { warn(fields: Record<string, unknown>, message: string): void },
): { stop(): Promise<void> } {
  let round: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    try {
      const started = await startLostRuns(knex, launcher);
      if (started > 0) log.warn({ runs: started }, 'runs without a workflow were started');
    } catch (error) {
      log.warn({ error: String(error) }, 'runs without a workflow could not be looked for');
    }
  };
  const timer = setInterval(() => {
    round ??= look().finally(() => {
      round = null;
    });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
