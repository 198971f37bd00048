// Owns how a scheduled slot becomes a run, or why it does not.
import type { Knex } from 'knex';
import type { SkippedSlot } from '../../domain/slot';
import { type EnqueuedRun, enqueueRun } from './run-queue';

export interface EnqueueSlotInput {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly workflowId: string;
  /** The nominal time; null when Temporal did not tell. */
  readonly slotAt: Date | null;
}

export async function enqueueSlot(knex: Knex, input: EnqueueSlotInput): Promise<EnqueuedRun | SkippedSlot> {
  const { workspaceId, syncId, workflowId } = input;
  const settings = { trigger: 'schedule', kind: 'normal', triggeredBy: null, note: null, allowDeletes: false } as const;
  return enqueueRun(knex, { workspaceId, syncId, workflowId, ...settings });
}
