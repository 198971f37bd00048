// Owns how far the demo's story has come, kept in the warehouse beside the data it is about. Not the telling of it.

import type { Client } from 'pg';
import type { Stage } from './users';
import { fillWarehouse } from './warehouse';

export const runSteps = ['first_run', 'second_run', 'third_run'] as const;
export type RunStep = (typeof runSteps)[number];
type StageStep = `stage_${Stage}`;
/** The whole of the story of alerts, which is told at once. */
const alertsStep = 'alerts';

/** Steps of one sync's story that are done, each with its run if it is a run. */
export class Story {
  private constructor(
    private readonly client: Client,
    private readonly syncId: string,
    private readonly done: Map<string, string | null>,
  ) {}

  static async open(client: Client, syncId: string): Promise<Story> {
    await client.query(`
      create schema if not exists demo;
      create table if not exists demo.story (
        sync_id text not null,
        step text not null,
        run_id text,
        primary key (sync_id, step)
      )`);
    const { rows } = await client.query<{ step: string; run_id: string | null }>(
      'select step, run_id from demo.story where sync_id = $1',
      [syncId],
    );
    return new Story(client, syncId, new Map(rows.map((row) => [row.step, row.run_id])));
  }

  isAt(stage: Stage): boolean {
    return this.done.has(`stage_${stage}`);
  }

  runOf(step: RunStep): string | null {
    return this.done.get(step) ?? null;
  }

  runIds(): string[] {
    return [...this.done.values()].filter((runId) => runId !== null);
  }

  get hasToldAlerts(): boolean {
    return this.done.has(alertsStep);
  }

  async noteAlertsTold(): Promise<void> {
    await this.note(alertsStep, null);
  }

  /** Changes the warehouse and notes it in one transaction: a kill leaves both or neither. */
  async reach(stage: Stage): Promise<void> {
    await this.client.query('begin');
    try {
      await fillWarehouse(this.client, stage);
      await this.note(`stage_${stage}`, null);
      await this.client.query('commit');
    } catch (error) {
      await this.client.query('rollback');
      throw error;
    }
  }

  async noteRun(step: RunStep, runId: string): Promise<void> {
    await this.note(step, runId);
  }

  private async note(step: RunStep | StageStep | typeof alertsStep, runId: string | null): Promise<void> {
    await this.client.query(
      `insert into demo.story (sync_id, step, run_id) values ($1, $2, $3)
       on conflict (sync_id, step) do update set run_id = excluded.run_id`,
      [this.syncId, step, runId],
    );
    this.done.set(step, runId);
  }
}
