// Owns the reset of a workflow as an operator does it in the Temporal Web UI.
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/** Resets the workflow to its first workflow task, or to its last, after which nothing of a run that has ended runs again. */
export async function resetWorkflow(client: Client, workflowId: string, to: 'first' | 'last'): Promise<void> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const tasks = (events ?? []).filter(
    ({ workflowTaskCompletedEventAttributes: task }) => task !== null && task !== undefined,
  );
  const eventId = tasks.at(to === 'first' ? 0 : -1)?.eventId;
  if (eventId === null || eventId === undefined) throw new Error('no workflow task to reset to');
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    workflowTaskFinishEventId: eventId,
    reason: 'an operator',
    requestId: randomUUID(),
  });
}
