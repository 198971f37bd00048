// Makes runs that are under way, and ends them as the work does: through the stores, so that their events are the real ones.
import type { Knex } from 'knex';
import type { StoredSync } from '../../db/configuration/sync-store';
import { closeRun, type RunEnding } from '../../db/runs/close-run';
import type { Fence } from '../../db/runs/lease';
import { failureOf } from '../../domain/failure';
import { rowOutcome } from '../../domain/row-outcome';
import { acknowledge, aPlannedRun, send } from './a-planned-run';
import { aSync } from './a-sync';

/** A running run with a plan of one batch, and the path of its events. */
export interface LiveRun extends Fence {
  readonly path: string;
  readonly events: string;
}

export async function aLiveRun(
  knex: Knex,
  { workspaceId, sync }: { workspaceId: string; sync?: StoredSync },
): Promise<LiveRun> {
  const fence = await aPlannedRun(knex, { batches: 1, sync: sync ?? (await aSync(knex, { workspaceId })) });
  const path = `/api/v1/syncs/${fence.syncId}/runs/${fence.runId}`;
  return { ...fence, path, events: `${path}/events` };
}

export const endings = ['clean', 'with_row_errors', 'failed', 'cancelled'] as const;

/** Ends the run in this way. */
export async function endLiveRun(
  knex: Knex,
  run: Fence,
  ending: (typeof endings)[number] = 'clean',
): Promise<void> {
  if (ending === 'clean' || ending === 'with_row_errors') {
    await send(knex, run, 1);
    await acknowledge(knex, run, 1, ending === 'clean' ? rowOutcome.created : rowOutcome.failed);
  }
  await closeRun(knex, run.runId, howEnded[ending]);
}

const finished: RunEnding = { kind: 'finished', failure: null };
const howEnded = {
  clean: finished,
  with_row_errors: finished,
  failed: { kind: 'failed', failure: failureOf('destination_auth_expired') },
  cancelled: { kind: 'cancelled', failure: null },
} as const satisfies Record<(typeof endings)[number], RunEnding>;
