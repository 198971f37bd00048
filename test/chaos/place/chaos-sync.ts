// Owns a sync of a chaos place into an HTTP destination that keeps the truth about itself, and what the two hold.
import type { ChaosPlace } from './chaos-place';
import type { RowLedger } from '../../support/outside/row-ledger';
import { SyncRuns } from './sync-runs';

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

export class ChaosSync extends SyncRuns {
  private constructor(
    place: ChaosPlace,
    name: string,
    id: string,
    readonly ledger: RowLedger,
  ) {
    super(place, name, id);
  }

  /** Makes the table, fills it, and makes source, model, destination and sync. */
  static async make(place: ChaosPlace, options: ChaosSyncOptions): Promise<ChaosSync> {
    const { name, rows, ledger, sql, mode, settings } = options;
    const destination = { kind: 'http', config: httpConfig(options) };
    const id = await SyncRuns.makeSync(place, { name, rows, destination, sql, mode, settings });
    return new ChaosSync(place, name, id, ledger);
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
