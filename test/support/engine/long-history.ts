// Fetches a history that is too large for one answer of Temporal's.
import type { History } from '@temporalio/common/lib/proto-utils';
import type { Engine } from './engine';

/** The history of one execution, read event by event: an answer may carry 4 MB. */
export async function longHistory({ client }: Engine, workflowId: string, runId: string): Promise<History> {
  const events: NonNullable<History['events']> = [];
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      maximumPageSize: 1,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    events.push(...(page.history?.events ?? []));
    nextPageToken = page.nextPageToken ?? undefined;
  } while (nextPageToken && nextPageToken.length > 0);
  return { events };
}
