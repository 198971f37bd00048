// Owns starting a run's workflow in Temporal. The run's row is written before; without it nothing is started.
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
} from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { RunKind, RunTrigger } from '../domain/run';
import { type SyncRunInput, taskQueue as ourQueue, workflowNames } from '../workflows/messages';

/** A run whose row is committed. */
export interface LaunchedRun {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId: string;
  readonly workflowId: string;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  /** One line for the Temporal Web UI: `Users → CRM (api)`. */
  readonly summary: string;
}

/** Starts runs; starting one twice is the same as once. Throws when Temporal is away. */
export interface RunLauncher {
  start(run: LaunchedRun): Promise<void>;
}

const searchAttributes = {
  syncId: defineSearchAttributeKey('SyncId', 'KEYWORD'),
  trigger: defineSearchAttributeKey('Trigger', 'KEYWORD'),
  runStatus: defineSearchAttributeKey('RunStatus', 'KEYWORD'),
  workspaceId: defineSearchAttributeKey('WorkspaceId', 'KEYWORD'),
};

// Five seconds: a start takes 20 ms; a caller who triggers should not wait for an outage, the run is queued anyway.
const startDeadlineMs = 5_000;

/** A launcher over Temporal; nothing is connected until the first start. */
export function temporalRunLauncher(client: Client, taskQueue = ourQueue): RunLauncher {
  return {
    async start({ workspaceId, syncId, runId, workflowId, trigger, kind, summary }) {
      const input: SyncRunInput = { workspaceId, syncId, runId, trigger, kind };
      try {
        await client.withDeadline(Date.now() + startDeadlineMs, () =>
          client.workflow.start(workflowNames.syncRun, {
            taskQueue,
            workflowId,
            args: [input],
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
            // A conflict policy alone would restart an id whose workflow has closed.
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            staticSummary: summary,
            typedSearchAttributes: [
              { key: searchAttributes.syncId, value: syncId },
              { key: searchAttributes.trigger, value: trigger },
              { key: searchAttributes.runStatus, value: 'queued' },
              { key: searchAttributes.workspaceId, value: workspaceId },
            ],
          }),
        );
      } catch (error) {
        // Somebody else was faster: the run has its workflow, which is all that was wanted.
        if (error instanceof WorkflowExecutionAlreadyStartedError) return;
        throw error;
      }
    },
  };
}
