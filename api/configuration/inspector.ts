// Owns asking a worker to look at a source, destination or model. What it finds is the worker's to say.
import { randomUUID } from 'node:crypto';
import { type Client, WorkflowFailedError } from '@temporalio/client';
import { ActivityFailure, TimeoutFailure, TimeoutType } from '@temporalio/common';
import {
  type InspectInput,
  type InspectResult,
  taskQueue as ourQueue,
  workflowNames,
} from '../../workflows/messages';

/** No worker answered: Temporal or the workers are away, or the inspection took too long. */
export class InspectionUnavailableError extends Error {
  override readonly name = 'InspectionUnavailableError';

  /** Whether workers were there, with their hands full of other inspections. */
  get isBusy(): boolean {
    return this.cause instanceof WorkflowFailedError && waitedInVain(this.cause.cause);
  }
}

function waitedInVain(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof TimeoutFailure && cause.timeoutType === TimeoutType.SCHEDULE_TO_START;
}

/** Looks at the outside world through a worker. Throws InspectionUnavailableError. */
export interface Inspector {
  inspect(input: InspectInput): Promise<InspectResult>;
}

// 30 s: a warehouse that is waking up answers by then, and most callers wait that long.
const inspectionMs = 30_000;
// The service ends the workflow itself; this much later the client stops waiting for a service that went away.
const graceMs = 3_000;

/** Where and how long an inspection is waited for, when not as usual. */
export interface InspectorOptions {
  readonly taskQueue?: string;
  readonly limitMs?: number;
}

/** An inspector over Temporal; nothing is connected until the first inspection. */
export function temporalInspector(client: Client, options: InspectorOptions = {}): Inspector {
  const { taskQueue = ourQueue, limitMs = inspectionMs } = options;
  return {
    async inspect(input) {
      try {
        return await client.withDeadline(Date.now() + limitMs + graceMs, () =>
          client.workflow.execute<(input: InspectInput) => Promise<InspectResult>>(workflowNames.inspect, {
            taskQueue,
            workflowId: `inspect/${input.what}-${randomUUID()}`,
            workflowExecutionTimeout: limitMs,
            args: [input],
            staticSummary: `${input.what === 'preview' ? 'Preview a model' : `Inspect a ${input.what}`} (api)`,
          }),
        );
      } catch (error) {
        throw new InspectionUnavailableError(`no worker inspected the ${input.what}`, { cause: error });
      }
    },
  };
}
