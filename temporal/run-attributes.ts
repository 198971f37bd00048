// Owns the search attributes a run's workflow is started with, by hand or by a schedule.
import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { RunTrigger } from '../domain/run';
import { runStatusKey } from '../workflows/messages';

const syncIdKey = defineSearchAttributeKey('SyncId', 'KEYWORD');
const triggerKey = defineSearchAttributeKey('Trigger', 'KEYWORD');
const workspaceIdKey = defineSearchAttributeKey('WorkspaceId', 'KEYWORD');

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
    { key: workspaceIdKey, value: run.workspaceId },
  ];
}
