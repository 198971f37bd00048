// Reads what Temporal shows of a run: its line, its details now, its attributes, the bars of its timeline.
import { defaultPayloadConverter } from '@temporalio/common';
import { workflowMetadataQuery } from '@temporalio/workflow';
import type { Engine } from './engine';

/** What a person sees who opens the workflow in the Temporal Web UI. */
export interface TemporalView {
  readonly status: string;
  readonly runStatus: unknown;
  readonly summary: string | undefined;
  readonly details: string | undefined;
  /** What it does now. */
  readonly now: string | null | undefined;
}

/** One bar of the timeline: an activity under its name, or a timer. */
export interface TimelineBar {
  readonly what: string;
  readonly summary: string | null;
}

/** The workflow's present execution, as described by the server and by the workflow itself. */
export async function viewOf({ client }: Engine, workflowId: string): Promise<TemporalView> {
  const handle = client.workflow.getHandle(workflowId);
  const described = await handle.describe();
  const { currentDetails } = await handle.query(workflowMetadataQuery);
  const attributes = described.typedSearchAttributes.getAll();
  return {
    status: described.status.name,
    runStatus: attributes.find(({ key }) => key.name === 'RunStatus')?.value,
    summary: await described.staticSummary(),
    details: await described.staticDetails(),
    now: currentDetails,
  };
}

/** Every activity and timer of the present execution, in the order they were asked for. */
export async function timelineOf({ client }: Engine, workflowId: string): Promise<TimelineBar[]> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap((event) => {
    const activity = event.activityTaskScheduledEventAttributes?.activityType?.name;
    const what = activity ?? (event.timerStartedEventAttributes ? 'timer' : null);
    if (what === null) return [];
    const told = event.userMetadata?.summary;
    return [{ what, summary: told ? defaultPayloadConverter.fromPayload<string>(told) : null }];
  });
}
