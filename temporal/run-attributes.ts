// Owns the search attributes workflows are started with: a run's, by hand or by a schedule, and a channel's.
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { RunTrigger } from '../domain/run';
import { runStatusKey } from '../workflows/messages';

const syncIdKey = defineSearchAttributeKey('SyncId', 'KEYWORD');
const triggerKey = defineSearchAttributeKey('Trigger', 'KEYWORD');
const workspaceIdKey = defineSearchAttributeKey('WorkspaceId', 'KEYWORD');

/** Of whatever is done for one workspace. */
export function workspaceAttribute(workspaceId: string): SearchAttributePair {
  return { key: workspaceIdKey, value: workspaceId };
}

/** Those of a run that begins its life in the queue. */
export function queuedRunAttributes(run: {
  readonly syncId: string;
  readonly workspaceId: string;
  readonly trigger: RunTrigger;
}): SearchAttributePair[] {
  return [
    { key: syncIdKey, value: run.syncId },
    { key: triggerKey, value: run.trigger },
    { key: runStatusKey, value: 'queued' },
    workspaceAttribute(run.workspaceId),
  ];
}
