// Owns reading all that the judgement of a group rests on, before anybody who acts on its alerts is kept waiting.
import type { Knex } from 'knex';
import type { SyncParts } from '../../../domain/alerts/causes';
import type { EffectiveRules } from '../../../domain/alerts/rules';
import { isComparable } from '../../../domain/trends/measured-run';
import { judgeLast, type TrendVerdicts } from '../../../domain/trends/judge-last';
import type { SyncPlace } from '../../configuration/sync-lock';
import { runsBefore } from '../../views/insights/comparable-runs-view';
import type { DueJudgement } from './due-judgements';
import { rulesOfSyncs } from './rules-of-syncs';
import { type FoundRun, runsToJudge, syncPartsOf } from './runs-to-judge';

export interface KnownOfGroup {
  /** By their ids; those removed by age are absent. */
  readonly runs: ReadonlyMap<string, FoundRun>;
  /** By their ids; deleted ones are absent. */
  readonly syncs: ReadonlyMap<string, SyncParts>;
  /** By the ids of the runs they are about. */
  readonly trends: ReadonlyMap<string, TrendVerdicts>;
  rulesOf(place: SyncPlace): EffectiveRules;
}

export async function readKnown(knex: Knex, group: readonly DueJudgement[]): Promise<KnownOfGroup> {
  const runs = await runsToJudge(
    knex,
    group.flatMap(({ runId }) => runId ?? []),
  );
  const syncs = await syncPartsOf(
    knex,
    group.map(({ syncId }) => syncId),
  );
  const rulesOf = await rulesOfSyncs(knex, group);
  const trends = new Map<string, TrendVerdicts>();
  for (const { runId, what, ...place } of group) {
    const found = what === 'run_ended' && runId ? runs.get(runId) : undefined;
    if (found) trends.set(found.run.id, await trendsOf(knex, place, found));
  }
  return { runs, syncs, trends, rulesOf };
}

async function trendsOf(
  knex: Knex,
  place: SyncPlace,
  { run, completedAt }: FoundRun,
): Promise<TrendVerdicts> {
  if (!completedAt || !run.startedAt || !isComparable(run)) return {};
  const measured = {
    startedAt: Date.parse(run.startedAt),
    durationMs: run.durationMs ?? 0,
    rowsProcessed: run.rowsProcessed,
    rowsFailed: run.rowsFailed,
  };
  return judgeLast(await runsBefore(knex, place, completedAt), measured);
}
