// Owns the destination writes: one time slice of delivering the plan's batches, safe to begin again at any point.
import { setTimeout as sleep } from 'node:timers/promises';
import { loadPinnedConfig } from '../db/configuration/pinned-config';
import { publishedJournal } from '../db/ledger/journal-store';
import { publishedPlan } from '../db/ledger/plan-store';
import { type Fence, fenced } from '../db/runs/lease';
import { writeEvent } from '../db/runs/run-events';
import { beginPhase, endPhase, tellWaiting } from '../db/runs/run-phases';
import { noteMissingOffered } from '../db/snapshot/snapshot-store';
import { inlinePauseMs } from '../domain/patience';
import type { Setback } from '../domain/setback';
import { type Attempt, inAttempt, type PhaseInput } from './attempt/attempt';
import { Delivery, type DeliveryInput } from './delivery/delivery';
import { deliverAtomically } from './delivery/deliver-atomically';
import { deliverInPasses } from './delivery/deliver-in-passes';
import { deliveryTarget } from './delivery/delivery-target';
import { settleOpenBatches } from './delivery/settle-open-batches';
import type { ActivityDeps } from './deps';
import { orSetback } from './attempt/or-setback';

/** How a slice ended. */
export interface SliceEnd {
  /** Whether no batch is left to send. */
  readonly done: boolean;
  /** Milliseconds to wait before the next slice: a late call of an earlier attempt could still land. */
  readonly pauseMs: number;
  /** Whether any batch, or a part of one, was answered in this slice. */
  readonly progressed: boolean;
}

// One readable bar a minute in Temporal, and a few hundred history events for a run of hours.
const sliceMs = 60_000;

// A shorter wait for late calls is over before anybody asks why nothing moves.
const tellableMs = 2_000;

export function writeChangesActivity(deps: ActivityDeps) {
  return ({ runId, stretch }: PhaseInput): Promise<SliceEnd | { setback: Setback }> =>
    inAttempt(deps, { runId, hasPulse: true }, async (attempt) => {
      const opened = await openAttempt(deps, runId, attempt);
      const delivery = new Delivery(opened.input);
      try {
        // A slice without an answer has not worked, however long its calls took.
        const told = { progressed: () => delivery.hasProgressed, workedMs: () => 0 };
        const tried = { place: opened.input.fence, stretch, signal: attempt.signal, ...told };
        return await orSetback(deps, tried, () => writeSlice(delivery, opened));
      } finally {
        delivery.dispose();
        await opened.input.destination.close();
      }
    });
}

interface Opened {
  readonly input: DeliveryInput;
  readonly changes: number;
  /** Milliseconds until the sync's lease allows writing. */
  readonly noWriteForMs: number;
}

async function openAttempt(deps: ActivityDeps, runId: string, attempt: Attempt): Promise<Opened> {
  const read = await deps.knex.transaction(async (trx) => {
    const fence = await beginPhase(trx, runId, 'destination_writes', attempt);
    const config = await loadPinnedConfig(trx, runId);
    const journal = await publishedJournal(trx, runId);
    const plan = await publishedPlan(trx, runId);
    if (!journal || !plan) throw new Error(`run ${runId} has no published plan`);
    const { rows } = await trx.raw<{ rows: { wait_ms: number | null; has_follow_ups: boolean }[] }>(
      `SELECT (extract(epoch FROM no_write_before - clock_timestamp()) * 1000)::float8 AS wait_ms,
         EXISTS (SELECT 1 FROM batches WHERE run_id = :runId AND state <> 'acked' AND batch_no > :batches) AS has_follow_ups
       FROM sync_leases WHERE sync_id = :syncId`,
      { runId, syncId: fence.syncId, batches: plan.batches },
    );
    const changes = plan.creates + plan.updates + plan.plannedDeletes - plan.skippedDeletes;
    const [lease] = rows;
    return {
      fence,
      config,
      journal,
      changes,
      plannedBatches: plan.batches,
      hasFollowUps: lease?.has_follow_ups ?? false,
      noWriteForMs: lease?.wait_ms ?? 0,
    };
  });
  const { config, journal, fence, plannedBatches, hasFollowUps } = read;
  const destination = await deps.openDestination(config.workspaceId, config.destinationId);
  const target = deliveryTarget(config, journal.columns);
  return {
    input: {
      deps,
      fence,
      journal,
      target,
      rawValues: config.sync.settings.rawValues,
      destination,
      attempt,
      plannedBatches,
      hasFollowUps,
    },
    changes: read.changes,
    noWriteForMs: read.noWriteForMs,
  };
}

async function writeSlice(delivery: Delivery, { input, changes, noWriteForMs }: Opened): Promise<SliceEnd> {
  const settled = await settleOpenBatches(delivery);
  const pauseMs = Math.ceil(Math.max(settled.pauseMs, noWriteForMs));
  if (pauseMs >= tellableMs) {
    const reason = 'Calls of an earlier run or attempt may still reach the destination';
    await tellWaiting(input.deps.knex, input.fence, {
      code: 'late_calls',
      reason,
      forMs: pauseMs,
      askedMs: pauseMs,
    });
  }
  if (pauseMs > inlinePauseMs) return { done: false, pauseMs, progressed: false };
  if (pauseMs > 0) {
    await sleep(pauseMs, undefined, { signal: input.attempt.signal });
    // Asked again: what was in progress a moment ago may have been decided meanwhile.
    return { done: false, pauseMs: 0, progressed: false };
  }
  const { atomicRows } = input.destination.habits;
  const done =
    changes <= atomicRows && settled.abandoned.size === 0
      ? await deliverAtomically(delivery).then(() => true)
      : await deliverInPasses(delivery, settled.abandoned, performance.now() + sliceMs);
  if (done) await finish(delivery, input.fence);
  return { done, pauseMs: 0, progressed: delivery.hasProgressed };
}

async function finish(delivery: Delivery, fence: Fence): Promise<void> {
  await fenced(delivery.input.deps.knex, fence, async (trx) => {
    await endPhase(trx, fence.runId, 'destination_writes');
    if (delivery.input.target.mode === 'update') await noteMissingOffered(trx, fence.syncId, fence.runId);
    await writeEvent(trx, fence, 'writes_finished');
  });
}
