// Owns a sync of a chaos place, made and triggered through the API as a user would, and what can be asked of its runs.
import { randomBytes } from 'node:crypto';
import type { ChaosPlace } from '../support/chaos-place';
import type { RowLedger } from '../support/row-ledger';
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

export interface ChaosSyncOptions {
  readonly name: string;
  readonly rows: number;
  readonly ledger: RowLedger;
  readonly mode?: 'upsert' | 'insert' | 'mirror';
  readonly batchRows?: number;
  readonly timeoutSeconds?: number;
  /** Calls at once instead of `lanes`; null: as many as a destination has unless told otherwise. */
  readonly concurrency?: number | null;
  readonly settings?: object;
  /** Another model than the rows of the table. */
  readonly sql?: string;
}

/** Lanes of every destination here that says nothing else. */
export const lanes = 4;

export class ChaosSync {
  private constructor(
    private readonly place: ChaosPlace,
    readonly name: string,
    readonly id: string,
    readonly ledger: RowLedger,
  ) {}

  /** Makes the table, fills it, and makes source, model, destination and sync. */
  static async make(place: ChaosPlace, options: ChaosSyncOptions): Promise<ChaosSync> {
    const { name, rows, ledger } = options;
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
    const source = await make('/sources', {
      kind: 'postgres',
      config: { url: place.outsideUrl('warehouse') },
    });
    const sql = options.sql ?? `SELECT id, email, note FROM ${name}`;
    const model = await make('/models', { source_id: source, sql, row_key: ['id'] });
    const destination = await make('/destinations', { kind: 'http', config: httpConfig(options) });
    const sync = await make('/syncs', {
      model_id: model,
      destination_id: destination,
      mode: options.mode ?? 'upsert',
      settings: options.settings ?? {},
      mapping: ['id', 'email', 'note'].map((column) => ({ column, field: column })),
    });
    return new ChaosSync(place, name, sync, ledger);
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

  /** Waits, through outages, until the run has ended. */
  async ended(runId: string, withinMs: number): Promise<ChaosRun> {
    return waitFor(`the end of run ${runId} of ${this.name}`, withinMs, async () => {
      const run = await this.look(runId);
      return run !== null && run.status !== 'queued' && run.status !== 'running' ? run : null;
    });
  }

  /** Gives every tenth row another e-mail address, so that the next run has something to say. */
  async change(round: number): Promise<void> {
    await this.place.askOutside(
      'warehouse',
      `UPDATE ${this.name} SET email = 'user' || id || '+${round}@example.com' WHERE id % 10 = $1`,
      [round % 10],
    );
  }

  /** Ids whose row here differs from the one in the destination, or is missing on either side. */
  async differences(): Promise<string[]> {
    const model = await this.place.askOutside<{ id: string; email: string; note: string }>(
      'warehouse',
      `SELECT id::text, email, note FROM ${this.name}`,
    );
    const wrong = model
      .filter(({ id, email, note }) => {
        const values = this.ledger.rows.get(id)?.values;
        return values === undefined || values['email'] !== email || values['note'] !== note;
      })
      .map(({ id }) => id);
    const ids = new Set(model.map(({ id }) => id));
    return [...wrong, ...[...this.ledger.rows.keys()].filter((id) => !ids.has(id))];
  }
}

function httpConfig({ ledger, batchRows, timeoutSeconds, concurrency = lanes }: ChaosSyncOptions): object {
  return {
    url: ledger.url,
    batch_rows: batchRows ?? 100,
    ...(concurrency === null ? {} : { concurrency }),
    timeout_seconds: timeoutSeconds ?? 10,
    request: { rows_field: 'records' },
    response: {
      results_field: 'results',
      match_by: 'index',
      status_field: 'status',
      created_values: ['created'],
      updated_values: ['updated'],
    },
  };
}
