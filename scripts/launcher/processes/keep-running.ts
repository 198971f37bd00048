// Owns keeping what we started up: started again when it dies, given up when it dies again at once.
import { type NodeProgram, type RunningProgram, startProgram } from './node-child';
import type { Progress } from '../progress';
import type { PartKind, RunningParts } from './running-parts';

// What lives less than this would be started for ever without getting anywhere.
const shortestLifeMs = 5_000;

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

/** Starts it and returns the first start's answer. Each later end by itself is told, and answered with a new start. */
export async function keepUp<Started extends { ended: Promise<string> }>(
  { parts, progress }: Surroundings,
  { name, start }: Keepable<Started>,
  onGivenUp: OnGivenUp,
): Promise<Started> {
  const startWatched = async (): Promise<Started> => {
    const startedAt = Date.now();
    const started = await start();
    void started.ended.then((words) => {
      if (parts.isEnding()) return;
      if (Date.now() - startedAt < shortestLifeMs) return onGivenUp(words);
      progress.note(name.replace(/^The /, ''), `${words}; it is started again`);
      // Why it did not is in its log; the words for a first start would be too many here.
      startWatched().catch(() => {
        if (!parts.isEnding()) onGivenUp(`${name} did not come up again`);
      });
    });
    return started;
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
