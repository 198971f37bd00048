// Owns how long a cancel took by what is on record, and the promise about it. A chaos run that asks for it hears of each.
import { appendFileSync } from 'node:fs';
import type { Engine } from './engine';

/** With a live worker, whatever the run is doing. */
const promisedMs = 5_000;
// One number a line: many tests of several processes write it.
const notesFile = process.env['CHAOS_NOTES'];

/**
 * Milliseconds from the asking to the run's end. The API notes the asking in our database; a cancel made in Temporal stands
 * in its history alone.
 */
export async function cancelTook(engine: Engine, runId: string): Promise<number> {
  const run = await engine.knex('runs').where({ id: runId }).first();
  const askedAtMs = run.cancel_requested_at?.getTime() ?? (await askedInTemporal(engine, run.workflow_id));
  return run.completed_at.getTime() - askedAtMs;
}

async function askedInTemporal({ client }: Engine, workflowId: string): Promise<number> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const asked = events?.find((event) => event.workflowExecutionCancelRequestedEventAttributes);
  if (!asked?.eventTime) throw new Error(`nobody has asked for a cancel of ${workflowId}`);
  return Number(asked.eventTime.seconds) * 1_000 + Number(asked.eventTime.nanos) / 1_000_000;
}

/** Fails when the cancelled run ended later than is promised. */
export async function expectCancelledInTime(engine: Engine, runId: string): Promise<void> {
  const tookMs = await cancelTook(engine, runId);
  if (notesFile !== undefined) appendFileSync(notesFile, `${Math.round(tookMs)}\n`);
  expect(tookMs).toBeLessThan(promisedMs);
}
