// Owns the composition of all activities over what they are given; nothing else.
import { closeRunActivity } from './close-run';
import { deliverNextActivity } from './deliver-alerts';
import type { ActivityDeps } from './deps';
import { detectChangesActivity } from './detect-changes';
import { inspectActivity } from './inspect';
import { queryModelActivity } from './query-model';
import { queueRunActivity } from './queue-run';
import { startRunActivity } from './start-run';
import { writeChangesActivity } from './write-changes';

/** The activities a worker registers, by the names workflows call them. */
export function createActivities(deps: ActivityDeps) {
  return {
    queueRun: queueRunActivity(deps),
    startRun: startRunActivity(deps),
    queryModel: queryModelActivity(deps),
    detectChanges: detectChangesActivity(deps),
    writeChanges: writeChangesActivity(deps),
    closeRun: closeRunActivity(deps),
    inspect: inspectActivity(deps),
    deliverNext: deliverNextActivity(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
