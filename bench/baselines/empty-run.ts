// Owns timing the baseline E: one workflow of empty activities, from its start to its result.
import { newId } from '../../db/new-id';
import type { RunningProgram } from '../../scripts/launcher/processes/node-child';
import type { BenchPlace } from '../bench-place';
import { timed } from '../in-turn';
import { activitiesOfARun, emptyQueue, emptyRun } from './empty-workflow';

/** A worker that serves E. */
export function startEmptyWorker(place: BenchPlace): Promise<RunningProgram> {
  return place.startProgram('empty-worker', 'bench/baselines/empty-worker.js');
}

/** Runs `workflows` of them at once; milliseconds until the last one has its result. */
export function timeEmptyRuns({ temporal }: BenchPlace, workflows = 1): Promise<number> {
  return timed(() =>
    Promise.all(
      Array.from({ length: workflows }, () =>
        temporal.workflow.execute(emptyRun, {
          taskQueue: emptyQueue,
          workflowId: newId('run'),
          args: [activitiesOfARun],
        }),
      ),
    ),
  );
}
