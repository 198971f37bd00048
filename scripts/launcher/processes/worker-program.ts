// Owns how a worker process is started: the settings that have to be there before its first line runs. Starts none.
import type { NodeProgram } from './node-child';

/** The worker as a program, in the environment its configuration is read from. */
export function workerProgram(env: NodeJS.ProcessEnv, logFile: string): NodeProgram {
  return {
    name: 'The worker',
    script: 'worker/main.js',
    // Chunks of rows live outside the heap until a small collection frees their handles. Eden of 4 MB instead of 16
    // makes that four times as often: 30 MB less at a million rows, and no slower.
    // And one thread beside the first for collections: four of them took turns with the first one and with everything else.
    nodeOptions: ['--max-semi-space-size=4', '--v8-pool-size=1'],
    // glibc gives each of the runtime's threads a heap that only grows; two for all are enough, and 15 MB less.
    env: { MALLOC_ARENA_MAX: '2', ...env },
    logFile,
  };
}
