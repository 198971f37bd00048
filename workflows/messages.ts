// Owns what workflows and those who start them agree on: names, inputs, results, signals. Carries no behaviour.
import { defineSearchAttributeKey } from '@temporalio/common';
import type { RunCounts } from '../domain/counts';
import type { Failure } from '../domain/failure';
import type { Trouble } from '../domain/patience';
import type { FinalStatus, RunKind, RunOutcome, RunTrigger } from '../domain/run';

/** The task queue of sync runs: workflows, and the brief activities around the work. */
export const taskQueue = 'sync-runs';

/**
 * How long a worker may be at one task of a workflow, to be given to whatever starts one. A task takes milliseconds, and a
 * replay of a very long history a second; a worker that dies with a task in hand holds the workflow up this long, and a
 * cancel of its run has ten seconds in all.
 */
export const workflowTaskTimeoutMs = 5_000;

/**
 * The queue of the work itself: reading, comparing, writing. Apart from the brief activities, so that a worker whose
 * hands are full of long queries still queues, starts, cancels and closes other runs.
 */
export function workQueueOf(queue: string): string {
  return `${queue}-work`;
}

/** The queue of inspections, which strangers' servers hold up as long as they may: whatever waits there, runs go on. */
export function inspectionQueueOf(queue: string): string {
  return `${queue}-inspections`;
}

/** The queue of calls to alert channels: one that hangs holds up nothing but channels. */
export function deliveryQueueOf(queue: string): string {
  return `${queue}-alerts`;
}

/** Names under which workflows are started; equal to the exported functions. */
export const workflowNames = {
  syncRun: 'syncRun',
  inspect: 'inspect',
  deliverAlerts: 'deliverAlerts',
} as const;

/** The run's status as Temporal can search for it. */
export const runStatusKey = defineSearchAttributeKey('RunStatus', 'KEYWORD');

/** Tells a queued run that it holds its sync's lease now. */
export const handOffSignalName = 'handOff';

/** `runId` is absent when a schedule starts the workflow: the first activity then makes the row. */
export interface SyncRunInput {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId?: string;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  /** Set by continue-as-new only: the run is past its queue and start. `trouble`: what it was waiting out. */
  readonly carried?: { readonly runId: string; readonly slices: number; readonly trouble: Trouble | null };
}

/** What Temporal shows of a completed run. */
export interface SyncRunResult {
  readonly runId: string;
  readonly status: FinalStatus;
  readonly outcome: RunOutcome;
  readonly counts: RunCounts;
}

/** Of a channel there is one workflow at a time: its messages go one after another. */
export function deliveryWorkflowId(channelId: string): string {
  return `alert-delivery/${channelId}`;
}

/** Tells a channel's workflow that something is due there, whatever it waits for. */
export const dueSignalName = 'due';

export interface DeliverAlertsInput {
  readonly workspaceId: string;
  readonly channelId: string;
  /** Set by continue-as-new only: what was done before. */
  readonly carried?: DeliverAlertsResult;
}

/** How many messages ended in which way. */
export interface DeliverAlertsResult {
  readonly delivered: number;
  readonly failed: number;
}

/**
 * Looks at the outside world on behalf of the API; changes nothing there, but for a test message. What a preview is of, and its rows, go past
 * Temporal: they lie in the table previews, under its id.
 */
export type InspectInput =
  | { readonly what: 'source'; readonly workspaceId: string; readonly sourceId: string }
  | { readonly what: 'destination'; readonly workspaceId: string; readonly destinationId: string }
  | { readonly what: 'model'; readonly workspaceId: string; readonly sourceId: string; readonly sql: string }
  | { readonly what: 'preview'; readonly workspaceId: string; readonly previewId: string }
  // Whether its destination would take its rows: what a run proves before its first write.
  | { readonly what: 'sync'; readonly workspaceId: string; readonly syncId: string }
  // Sends a test that is written down; what was answered stands in its attempt, not here.
  | { readonly what: 'channel'; readonly workspaceId: string; readonly deliveryId: string };

export interface InspectedColumn {
  readonly name: string;
  readonly type: string;
}

/** One thing that was looked at, and what was seen, in words a person can act on. */
export interface InspectedThing {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** A field of a destination. */
export interface InspectedField {
  readonly field: string;
  readonly type: string;
}

/** `ok` when all that was looked at is. `columns` and `failure` only for models, `fields` for syncs into typed fields. */
export interface InspectResult {
  readonly ok: boolean;
  readonly checks: readonly InspectedThing[];
  readonly durationMs: number;
  readonly columns?: readonly InspectedColumn[];
  readonly fields?: readonly InspectedField[];
  readonly failure?: Failure;
}
