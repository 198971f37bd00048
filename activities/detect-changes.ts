// Owns the change detection phase: journal and snapshot become the change plan, published once.
import type { DeliveryHabits, Destination } from '../connectors/destination';
import { loadPinnedConfig, type PinnedConfig } from '../db/configuration/pinned-config';
import { journalIndexes, publishedJournal, type PublishedJournal } from '../db/ledger/journal-store';
import {
  type NewBatch,
  type NewPlan,
  type PlanNotice,
  publishedPlan,
  publishPlan,
} from '../db/ledger/plan-store';
import type { Fence } from '../db/runs/lease';
import { beginUnpublished, endPhase } from '../db/runs/run-phases';
import type { ScopeSource } from '../db/ledger/retry-scope';
import type { KeySet } from '../diff/keys/key-set';
import { planChanges, type WritePlan } from '../diff/plan/plan-changes';
import type { Setback } from '../domain/setback';
import { type Attempt, inAttempt, type PhaseInput } from './attempt/attempt';
import type { Release } from './memory/sieve-memory';
import { orComeAgain, withSieveMemory } from './memory/with-sieve-memory';
import { deliveryTarget } from './delivery/delivery-target';
import type { ActivityDeps } from './deps';
import { loadScope, scopeKeys, scopeOf } from './detection/load-scope';
import { detectionNeed, type DetectionNeed } from './memory/memory-needs';
import { orSetback } from './attempt/or-setback';
import { noDeletes, planDeletes, type PlannedDeletes } from './detection/plan-deletes';
import { refusedLines } from './detection/refused-lines';
import { Stopwatch } from './attempt/stopwatch';
import { untilAborted } from './attempt/until-aborted';

/** What the workflow needs to know of a plan: counts only. */
export interface ChangesDetected {
  readonly creates: number;
  readonly updates: number;
  readonly deletes: number;
  readonly batches: number;
}

interface Work {
  readonly fence: Fence;
  readonly config: PinnedConfig;
  readonly journal: PublishedJournal;
  /** What a retry is about; null: everything. */
  readonly scopeSource: ScopeSource | null;
}

export function detectChangesActivity(deps: ActivityDeps) {
  return ({ runId, stretch }: PhaseInput): Promise<ChangesDetected | { setback: Setback }> =>
    inAttempt(deps, { runId, hasPulse: true }, async (attempt) => {
      const work = await openAttempt(deps, runId, attempt);
      if (!('fence' in work)) return work;
      const planning = new Stopwatch();
      const told = { progressed: () => false, workedMs: () => planning.elapsedMs };
      const tried = { place: work.fence, stretch, signal: attempt.signal, ...told };
      const need = memoryNeed(deps, work);
      return orComeAgain(stretch, () =>
        withSieveMemory(deps, work.fence, need.bytes, attempt.signal, (release) =>
          orSetback(deps, tried, () => detectChanges(deps, { ...work, need, release }, attempt, planning)),
        ),
      );
    });
}

async function detectedBefore({ knex }: ActivityDeps, runId: string): Promise<ChangesDetected> {
  const plan = await publishedPlan(knex, runId);
  if (!plan) throw new Error(`run ${runId} has lost its published plan`);
  const { creates, updates, plannedDeletes, skippedDeletes, batches } = plan;
  return { creates, updates, deletes: plannedDeletes - skippedDeletes, batches };
}

async function openAttempt(
  deps: ActivityDeps,
  runId: string,
  attempt: Attempt,
): Promise<Work | ChangesDetected> {
  const { knex } = deps;
  const fence = await beginUnpublished(knex, runId, 'change_detection', attempt);
  if (!fence) return detectedBefore(deps, runId);
  const config = await loadPinnedConfig(knex, runId);
  // Asked again now that no older attempt can publish.
  if (config.published.plan) {
    await endPhase(knex, runId, 'change_detection');
    return detectedBefore(deps, runId);
  }
  const journal = await publishedJournal(knex, runId);
  if (!journal) throw new Error(`run ${runId} has no published journal`);
  return { fence, config, journal, scopeSource: await scopeOf(knex, config) };
}

const emptyPlan: NewPlan = {
  skipped: 0,
  failed: 0,
  plannedDeletes: 0,
  creates: 0,
  updates: 0,
  deletes: 0,
};

/** Work that has the memory it needs. */
interface AdmittedWork extends Work {
  readonly need: DetectionNeed;
  readonly release: Release;
}

async function detectChanges(
  deps: ActivityDeps,
  work: AdmittedWork,
  attempt: Attempt,
  planning: Stopwatch,
): Promise<ChangesDetected> {
  const { fence, config, journal } = work;
  planning.start();
  if (nothingFollows(work)) {
    await publishPlan(deps.knex, fence, emptyPlan, [], untilAborted([], attempt.signal), () => []);
    return { creates: 0, updates: 0, deletes: 0, batches: 0 };
  }
  const scope = await loadScope(deps.knex, config, work.scopeSource, attempt.signal);
  const destination = await deps.openDestination(config.workspaceId, config.destinationId);
  let deletes = noDeletes;
  try {
    const { batchRows } = destination.habits;
    const writes = await planWrites(deps, work, scope, destination.habits, attempt.signal);
    attempt.signal.throwIfAborted();
    if (config.sync.mode === 'mirror') {
      const firstBatchNo = writes.batches.length + 1;
      deletes = await planDeletes(deps, config, journal, scope, batchRows, firstBatchNo, attempt.signal);
    }
    planning.stop();
    // Without deletes the tables are gone; how long a destination takes is no reason for others to wait.
    if (deletes.deletes === 0) {
      deletes.release();
      work.release(work.need.keptBytes);
    }
    if (writes.batches.length > 0 || deletes.deletes > 0)
      await destination.prepare(deliveryTarget(config, journal.columns), attempt.signal);
    return await publish(deps, work, destination, writes, deletes, scope !== null, attempt.signal);
  } finally {
    deletes.release();
    await destination.close();
  }
}

async function publish(
  deps: ActivityDeps,
  { fence, config, journal }: Work,
  destination: Destination,
  writes: WritePlan,
  deletes: PlannedDeletes,
  isScoped: boolean,
  signal: AbortSignal,
): Promise<ChangesDetected> {
  const { creates, updates, skippedCopies, skippedOutOfScope, refused } = writes.counts;
  const written = await publishPlan(
    deps.knex,
    fence,
    {
      skipped: skippedCopies + skippedOutOfScope,
      failed: refused,
      plannedDeletes: deletes.planned,
      creates,
      updates,
      deletes: deletes.deletes,
      outOfScope: isScoped ? skippedOutOfScope + deletes.outOfScope : null,
    },
    // Published whole or not at all: a stop in the middle undoes it.
    untilAborted(allBatches(writes, deletes), signal),
    untilAborted(refusedLines(deps.knex, fence.runId, journal, writes, config), signal),
    ({ deletes: deleted }) => [
      ...deletes.notices(deleted),
      ...partialNotice(destination, creates + updates + deleted),
    ],
  );
  return { creates, updates, ...written };
}

/** No line differs and no row may have vanished: the destination need not be asked. */
function nothingFollows({ config, journal }: Work): boolean {
  return journal.journalled === 0 && !journal.marks && !config.retry;
}

function memoryNeed({ sieveMemory }: ActivityDeps, work: Work): DetectionNeed {
  if (nothingFollows(work)) return { ranges: 1, bytes: 0, keptBytes: 0 };
  const { config, journal, scopeSource } = work;
  const detection = {
    lines: journal.journalled,
    scopeKeys: scopeKeys(scopeSource),
    marks: journal.marks,
    passes: journal.passes,
    vanished: config.sync.mode === 'mirror' ? journal.unseen : null,
  };
  return detectionNeed(detection, sieveMemory.limitBytes);
}

function planWrites(
  deps: ActivityDeps,
  work: AdmittedWork,
  scope: KeySet | null,
  { batchRows, batchBytes }: DeliveryHabits,
  signal: AbortSignal,
): Promise<WritePlan> {
  const { fence, config, journal } = work;
  return planChanges({
    indexes: () =>
      untilAborted(
        journal.journalled > 0 ? journalIndexes(deps.knex, fence.runId, journal.attempt) : [],
        signal,
      ),
    ranges: work.need.ranges,
    marks: journal.marks ?? new Uint8Array(0),
    mode: config.sync.mode,
    batchRows,
    batchBytes,
    expectedLines: journal.journalled,
    scope,
  });
}

async function* allBatches(writes: WritePlan, deletes: PlannedDeletes): AsyncGenerator<NewBatch> {
  for (const batch of writes.batches) {
    const { batchNo, creates, updates, lineFrom, lineTo } = batch;
    const operations = Buffer.from(batch.operations);
    yield {
      batchNo,
      kind: 'write',
      creates,
      updates,
      deletes: 0,
      lineFrom,
      lineTo,
      operations,
      entries: null,
      rowKeys: null,
    };
  }
  yield* deletes.batches();
}

/** A run above the destination's limit for one transaction says beforehand that a failure would leave a part applied. */
function partialNotice({ habits }: Destination, changes: number): PlanNotice[] {
  if (habits.atomicRows === 0 || changes <= habits.atomicRows) return [];
  return [{ type: 'may_be_partial', detail: { changes, atomic_rows: habits.atomicRows } }];
}
