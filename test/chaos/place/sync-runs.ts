// Owns a sync of a chaos place, made and triggered through the API as a user would, and what can be asked of its runs.
import { randomBytes } from 'node:crypto';
import type { ChaosPlace } from './chaos-place';
import { waitFor } from './wait-for';

/** Stands in every row that is synced; it may show up nowhere but in source and destination. */
export const canary = `canary${randomBytes(6).toString('hex')}`;

/** A run as the API shows it; what the scenarios read of it. */
export interface ChaosRun {
  readonly id: string;
  readonly status: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled';
  readonly outcome: string | null;
  readonly rows_processed: number;
  readonly rows_created: number;
  readonly rows_updated: number;
  readonly rows_failed: number;
  readonly rows_unknown: number;
  readonly rows_not_attempted: number;
  readonly started_at: string | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly summary: { readonly counter_mismatch: number };
}

interface NewSync {
  readonly name: string;
  readonly rows: number;
  readonly destination: { readonly kind: string; readonly config: object };
  readonly object?: object;
  readonly mode?: string | undefined;
  readonly settings?: object | undefined;
  /** Another model than the rows of the table. */
  readonly sql?: string | undefined;
}

export class SyncRuns {
  protected constructor(
    protected readonly place: ChaosPlace,
    readonly name: string,
    readonly id: string,
  ) {}

  /** Makes the table, fills it, and makes source, model, destination and sync; returns the sync's id. */
  protected static async makeSync(
    place: ChaosPlace,
    { name, rows, destination, object = {}, mode = 'upsert', settings = {}, sql }: NewSync,
  ): Promise<string> {
    await place.askOutside(
      'warehouse',
      `CREATE TABLE ${name} (id bigint PRIMARY KEY, email text, note text)`,
    );
    await place.askOutside(
      'warehouse',
      `INSERT INTO ${name} SELECT n, 'user' || n || '@example.com', '${canary}-' || n FROM generate_series(1, $1::int) n`,
      [rows],
    );
    const make = async (path: string, body: object): Promise<string> => {
      const reply = await place.send('POST', `/api/v1${path}`, { name, ...body });
      if (reply.status !== 201)
        throw new Error(`POST ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`);
      return String(reply.body.id);
    };
    const config = { url: place.outsideUrl('warehouse') };
    return make('/syncs', {
      model_id: await make('/models', {
        source_id: await make('/sources', { kind: 'postgres', config }),
        sql: sql ?? `SELECT id, email, note FROM ${name}`,
        row_key: ['id'],
      }),
      destination_id: await make('/destinations', destination),
      mode,
      object,
      settings,
      mapping: ['id', 'email', 'note'].map((column) => ({ column, field: column })),
    });
  }

  async trigger(): Promise<string> {
    const reply = await this.place.send('POST', `/api/v1/syncs/${this.id}/trigger`);
    if (reply.status !== 202)
      throw new Error(`the trigger was answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return String(reply.body.id);
  }

  /** The run, or null while the API cannot say. */
  async look(runId: string): Promise<ChaosRun | null> {
    const reply = await this.place.send('GET', `/api/v1/syncs/${this.id}/runs/${runId}`);
    return reply.status === 200 ? (reply.body as ChaosRun) : null;
  }

  /** Whether the API says that it has; false while it cannot say. */
  async hasEnded(runId: string): Promise<boolean> {
    const run = await this.look(runId);
    return run !== null && run.status !== 'queued' && run.status !== 'running';
  }

  /** Waits, through outages, until the run has ended. */
  async ended(runId: string, withinMs: number): Promise<ChaosRun> {
    return waitFor(`the end of run ${runId} of ${this.name}`, withinMs, async () => {
      const run = await this.look(runId);
      return run !== null && run.status !== 'queued' && run.status !== 'running' ? run : null;
    });
  }
}
