// Owns keeping one of our programs up: started again when it dies, given up when it dies again at once.
import { type NodeProgram, type RunningProgram, startProgram } from './node-child';
import type { Launch } from './start-services';
import type { PartKind } from './running-parts';

// A program that lives less than this would be started for ever without getting anywhere.
const shortestLifeMs = 5_000;

/**
 * Starts the program and returns its first ready message. Each later end by itself is told, and answered with a new
 * start; `onGivenUp` hears of the one that is not.
 */
export async function keepRunning(
  { parts, progress }: Launch,
  kind: PartKind,
  program: NodeProgram,
  onGivenUp: (words: string) => void,
): Promise<RunningProgram['ready']> {
  const start = async (): Promise<RunningProgram['ready']> => {
    const startedAt = Date.now();
    const running = await startProgram(program, (child) => parts.add(kind, child));
    void running.ended.then((words) => {
      if (parts.isEnding()) return;
      if (Date.now() - startedAt < shortestLifeMs) return onGivenUp(words);
      progress.note(program.name.replace(/^The /, ''), `${words}; it is started again`);
      // Why it did not is in its log; the words for a first start would be too many here.
      start().catch(() => {
        if (!parts.isEnding()) onGivenUp(`${program.name} did not come up again`);
      });
    });
    return running.ready;
  };
  return start();
}
