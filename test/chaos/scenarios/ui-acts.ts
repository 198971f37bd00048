// Owns the scenario of an operator at work in the Temporal Web UI (D9): what runs are made to do there, the record says.
import type { Client } from '@temporalio/client';
import { isTimely, resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import type { ChaosRun } from '../place/sync-runs';
import { resetWorkflow } from './reset-workflow';
import { waitFor } from '../place/wait-for';

const forms = { short: { rows: 2_500 }, full: { rows: 20_000 } };
const latencyMs = 400;
const recordLimitMs = 60_000;
// A paused activity is told at its next heartbeat; until nothing is sent any more, open calls are answered.
const pauseSettleMs = 15_000;

interface Act {
  readonly name: string;
  /** Does it to a run that writes. */
  act(client: Client, workflowId: string): Promise<unknown>;
  /** Whether the record tells the truth about it. */
  isTrue(run: ChaosRun): boolean;
}

const acts: readonly Act[] = [
  {
    name: 'terminate',
    act: (client, id) => client.workflow.getHandle(id).terminate('an operator'),
    isTrue: ({ status, failure }) => status === 'failed' && failure?.code === 'terminated_by_operator',
  },
  {
    name: 'cancel',
    act: (client, id) => client.workflow.getHandle(id).cancel(),
    isTrue: ({ status }) => status === 'cancelled',
  },
  {
    name: 'reset',
    act: (client, id) => resetWorkflow(client, id, 'first'),
    isTrue: ({ status }) => status === 'completed',
  },
  { name: 'pause', act: pauseWriting, isTrue: ({ status }) => status === 'completed' },
];

export const uiActs: Scenario = {
  ids: ['D9'],
  async run({ place, ledgers, form, say }) {
    const { rows } = forms[form];
    const client = await place.temporalClient();
    const done = acts.map(async ({ name, act, isTrue }) => {
      const ledger = ledgers.add(`ui-${name}`, 'upsert');
      ledger.latencyMs = latencyMs;
      const sync = await ChaosSync.make(place, { name: `ui_${name}`, rows, ledger });
      const runId = await sync.trigger();
      await waitFor(`calls of the run to ${name}`, 60_000, () => (ledger.calls.length > 2 ? true : null));
      await act(client, runId);
      const actedAtMs = performance.now();
      say(`${name} done`);
      ledger.latencyMs = 20;
      if (name === 'pause') {
        await untilSilent(ledger.calls);
        await unpauseWriting(client, runId);
      }
      const run = await sync.ended(runId, recordLimitMs * 5);
      const tookMs = performance.now() - actedAtMs;
      const [counted, accepted] = [run.rows_created, ledger.created];
      // What was cut off is due next time.
      const next = await sync.ended(await sync.trigger(), 60_000);
      const lost = (await sync.differences()).length;
      return [
        {
          text: `${name}: ${run.status} ${run.failure?.code ?? ''} after ${(tookMs / 1000).toFixed(1)} s`,
          holds: isTrue(run) && isTimely(form, tookMs, recordLimitMs) && run.summary.counter_mismatch === 0,
        },
        {
          text: `${name}: ${counted} counted and ${run.rows_unknown} unknown, ${accepted} accepted there`,
          // What a dead writer had on its way is unknown, never left out.
          holds: counted <= accepted && accepted <= counted + run.rows_unknown,
        },
        {
          text: `${name}: then ${next.status}, ${lost} lost`,
          holds: next.status === 'completed' && lost === 0,
        },
      ];
    });
    return [
      resultOf(
        {
          id: 'D9',
          fault: 'terminate, cancel, reset and pause of a writing run from the Temporal Web UI',
          expected: 'a true record within 60 s; the next run sends what is due',
        },
        (await Promise.all(done)).flat(),
      ),
    ];
  },
};

async function pauseWriting(client: Client, workflowId: string): Promise<void> {
  await client.workflowService.pauseActivity({
    namespace: 'default',
    execution: { workflowId },
    type: 'writeChanges',
    identity: 'an operator',
  });
}

async function unpauseWriting(client: Client, workflowId: string): Promise<void> {
  await client.workflowService.unpauseActivity({
    namespace: 'default',
    execution: { workflowId },
    type: 'writeChanges',
    identity: 'an operator',
  });
}

/** Waits until no call has come for two seconds. */
async function untilSilent(calls: readonly { atMs: number }[]): Promise<void> {
  await waitFor('an end of the calls of a paused run', pauseSettleMs, () =>
    performance.now() - (calls.at(-1)?.atMs ?? 0) > 2_000 ? true : null,
  );
}
