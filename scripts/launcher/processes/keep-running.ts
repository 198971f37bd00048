// Owns keeping what we started up: started again when it dies, given up when it dies again and again.
import { setTimeout as sleep } from 'node:timers/promises';
import { type NodeProgram, type RunningProgram, startProgram } from './node-child';
import type { Progress } from '../progress';
import type { PartKind, RunningParts } from './running-parts';

// Whoever dies five times within a minute dies of something that another start does not cure.
const mostDeaths = 5;
const withinMs = 60_000;
// Before the second start and those after it: what it died of may need a moment to go away.
const pauseMs = 500;

interface Surroundings {
  parts: RunningParts;
  progress: Progress;
}

/** Hears, in words, of an end that is not answered with a new start. */
export type OnGivenUp = (words: string) => void;

/** What is kept up: its name, and a start that resolves once it answers, with its end. */
export interface Keepable<Started extends { ended: Promise<string> }> {
  name: string;
  start: () => Promise<Started>;
}

/**
 * Starts it and returns the first start's answer. Each later end by itself is told, and answered with a new start, until
 * ends come too quickly.
 */
export async function keepUp<Started extends { ended: Promise<string> }>(
  { parts, progress }: Surroundings,
  { name, start }: Keepable<Started>,
  onGivenUp: OnGivenUp,
): Promise<Started> {
  const deaths: number[] = [];
  const startWatched = async (): Promise<Started> => {
    const started = await start();
    void started.ended.then((words) => died(words));
    return started;
  };
  const died = async (words: string): Promise<void> => {
    if (parts.isEnding()) return;
    const now = performance.now();
    deaths.push(now);
    const lately = deaths.filter((at) => now - at < withinMs).length;
    if (lately >= mostDeaths) return onGivenUp(`${words}, the ${lately}th end within a minute`);
    progress.note(name.replace(/^The /, ''), `${words}; it is started again`);
    if (lately > 1) await sleep(pauseMs * (lately - 1));
    // Stopped meanwhile: a start would leave it behind.
    if (parts.isEnding()) return;
    // Why it did not come up is in its log; the words for a first start would be too many here.
    await startWatched().catch(() => died(`${name} did not come up again`));
  };
  return startWatched();
}

/** Keeps one of our own programs up; returns its first ready message. */
export async function keepRunning(
  surroundings: Surroundings,
  kind: PartKind,
  program: NodeProgram,
  onGivenUp: OnGivenUp,
): Promise<RunningProgram['ready']> {
  const start = (): Promise<RunningProgram> =>
    startProgram(program, (child) => surroundings.parts.add(kind, child));
  return (await keepUp(surroundings, { name: program.name, start }, onGivenUp)).ready;
}
