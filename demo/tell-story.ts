// Owns the demo's story: three runs with a night between the first two, each counted on both sides. Not what it is told with.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient, RowErrorLine, Run } from './api-client';
import { clearCrm, crmStats } from './crm-client';
import { type RunStep, type Story, runSteps } from './story';

export interface TellStoryInput {
  readonly api: ApiClient;
  readonly story: Story;
  readonly syncId: string;
  readonly crmUrl: string;
  readonly crmApiKey: string;
  /** One line about what is happening, for a person. */
  readonly progress: (text: string) => void;
}

export interface ToldStory {
  /** First, second and third run, as the API shows them. */
  readonly runs: readonly Run[];
  readonly crmContacts: number;
  /** Where numbers are not what they have to be, in words; empty when all agree. Only runs told just now are compared. */
  readonly differences: readonly string[];
}

type Count = 'processed' | 'created' | 'updated' | 'deleted' | 'failed' | 'skipped' | 'unchanged';

/** What each run of the story comes to when nothing interrupts it; the second is the example of the documentation. */
export const expectedCounts: Readonly<Record<RunStep, Readonly<Record<Count, number>>>> = {
  first_run: {
    processed: 14_000,
    created: 13_962,
    updated: 0,
    deleted: 0,
    failed: 38,
    skipped: 0,
    unchanged: 0,
  },
  second_run: {
    processed: 15_432,
    created: 1_205,
    updated: 13_891,
    deleted: 0,
    failed: 336,
    skipped: 0,
    unchanged: 0,
  },
  third_run: {
    processed: 15_432,
    created: 0,
    updated: 0,
    deleted: 0,
    failed: 336,
    skipped: 0,
    unchanged: 15_096,
  },
};

const introductions: Readonly<Record<RunStep, string>> = {
  first_run: 'first run: 14,000 users go to an empty CRM',
  second_run: 'second run: a night later, 1,432 new users, and everybody else was seen again',
  third_run: 'third run: nothing changed, so only the refused rows are sent again',
};

// Runs of the demo take seconds; five times a second is soon enough for a person and no load.
const pollMs = 200;
// A slow machine with a cold start needs a minute; after ten something is wrong and waiting does not mend it.
const runLimitMs = 600_000;

/** Tells what has not been told yet, from where an earlier start stopped. Throws when a run does not complete. */
export async function tellStory(input: TellStoryInput): Promise<ToldStory> {
  const { story, crmUrl } = input;
  if (!story.isAt('one')) {
    // Contacts left by the sync of an earlier data directory would turn creates into updates.
    await clearCrm(crmUrl, input.crmApiKey);
    await story.reach('one');
  }
  const runs: Run[] = [];
  const differences: string[] = [];
  for (const step of runSteps) {
    if (step === 'second_run' && !story.isAt('two')) await story.reach('two');
    const told = await toldRun(input, step);
    if (told) {
      runs.push(told);
      continue;
    }
    const run = await carryOut(input, step);
    runs.push(run);
    differences.push(...unexpectedCounts(run, step), ...(await disagreements(input)));
  }
  const { contacts } = await crmStats(crmUrl);
  return { runs, crmContacts: contacts, differences };
}

async function toldRun({ api, story, syncId }: TellStoryInput, step: RunStep): Promise<Run | null> {
  const runId = story.runOf(step);
  if (runId === null) return null;
  const run = await api.get<Run>(`/syncs/${syncId}/runs/${runId}`);
  return run.status === 'completed' ? run : null;
}

async function carryOut(input: TellStoryInput, step: RunStep): Promise<Run> {
  const { api, story, syncId, progress } = input;
  progress(introductions[step]);
  const pending = await unfinishedRun(input, step);
  const begun = pending ?? (await api.post<Run>(`/syncs/${syncId}/trigger`));
  await story.noteRun(step, begun.id);
  const run = await finished(api, syncId, begun.id);
  if (run.status !== 'completed') {
    throw new Error(`run ${run.id} ended ${run.status}: ${run.failure?.message ?? 'no failure given'}`);
  }
  progress(`${sentence(run)}; the CRM holds ${inWords((await crmStats(input.crmUrl)).contacts)} contacts`);
  if (step === 'second_run') await showRowErrors(input, run.id);
  return run;
}

// A start that was killed may have triggered a run and not noted it; that one is taken up instead of another.
async function unfinishedRun(
  { api, story, syncId }: TellStoryInput,
  step: RunStep,
): Promise<Run | undefined> {
  const ofThisStep = story.runOf(step);
  const ofEarlierSteps = new Set(story.runIds().filter((runId) => runId !== ofThisStep));
  const runs = await api.runsOf(syncId);
  const earlier = runs.findIndex((run) => ofEarlierSteps.has(run.id));
  const since = earlier < 0 ? runs : runs.slice(0, earlier);
  return since.find((run) => run.status !== 'failed' && run.status !== 'cancelled');
}

/** Waits for the end of a run. */
export async function finished(api: ApiClient, syncId: string, runId: string): Promise<Run> {
  for (const deadline = Date.now() + runLimitMs; Date.now() < deadline; await sleep(pollMs)) {
    const run = await api.get<Run>(`/syncs/${syncId}/runs/${runId}`);
    if (run.status !== 'queued' && run.status !== 'running') return run;
  }
  throw new Error(`run ${runId} has not ended within ${runLimitMs / 60_000} minutes`);
}

async function showRowErrors({ api, syncId, progress }: TellStoryInput, runId: string): Promise<void> {
  const first = await api.get<{ data: RowErrorLine[] }>(`/syncs/${syncId}/runs/${runId}/errors?per_page=3`);
  for (const line of first.data) {
    const raw = line.raw_value === null ? 'null' : JSON.stringify(line.raw_value.slice(0, 40));
    progress(`  ${line.row_id ?? '(no key)'}: ${line.message} (${line.field ?? 'no field'}), was ${raw}`);
  }
}

function unexpectedCounts(run: Run, step: RunStep): string[] {
  return (Object.entries(expectedCounts[step]) as [Count, number][])
    .filter(([count, expected]) => (run[`rows_${count}`] ?? expected) !== expected)
    .map(([count, expected]) => `${step} ${run.id}: ${run[`rows_${count}`]} ${count}, ${expected} expected`);
}

// Both sides count for themselves: the runs what they were told, the CRM what it did.
async function disagreements({ api, syncId, crmUrl }: TellStoryInput): Promise<string[]> {
  const runs = await api.runsOf(syncId);
  const sum = (count: 'created' | 'updated' | 'deleted' | 'failed') =>
    runs.reduce((total, run) => total + run[`rows_${count}`], 0);
  const stats = await crmStats(crmUrl);
  const pairs = [
    ['contacts held', sum('created') - sum('deleted'), stats.contacts],
    ['created', sum('created'), stats.created],
    ['updated', sum('updated'), stats.updated],
    ['deleted', sum('deleted'), stats.deleted],
    ['refused', sum('failed'), stats.failed],
  ] as const;
  return pairs
    .filter(([, byRuns, byCrm]) => byRuns !== byCrm)
    .map(([what, byRuns, byCrm]) => `${what}: ${byRuns} by the runs, ${byCrm} by the CRM`);
}

function sentence(run: Run): string {
  const counts = (['processed', 'created', 'updated', 'deleted', 'failed', 'skipped'] as const)
    .map((count) => `${inWords(run[`rows_${count}`] ?? 0)} ${count}`)
    .join(', ');
  return `${run.id} ${run.status} in ${run.duration_seconds ?? 0} s: ${counts}`;
}

function inWords(count: number): string {
  return count.toLocaleString('en-US');
}
