// Gives a test users whose rows are so wide that a few of them fill a batch, and a table in which their addresses are unique.
import type { Engine } from './engine';

// A batch holds 4 MiB: five rows.
const padBytes = 750_000;

/** A mirror in several transactions of a model of its own into a table of its own. */
export class WideUsers {
  private constructor(
    private readonly engine: Engine,
    readonly table: string,
    readonly sync: string,
  ) {}

  /** `rows` are addresses by id. */
  static async make(
    engine: Engine,
    table: string,
    rows: Readonly<Record<string, string>>,
    config: Readonly<Record<string, unknown>> = {},
  ): Promise<WideUsers> {
    await engine.warehouse.raw(`CREATE TABLE ${table} (id text, email text)`);
    await engine.target.raw(`CREATE TABLE ${table} (id text PRIMARY KEY, email text UNIQUE, pad text);
      CREATE TABLE ${table}_effects (id text, effect text);
      CREATE FUNCTION ${table}_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO ${table}_effects VALUES (coalesce(NEW.id, OLD.id), TG_OP); RETURN NULL; END $$;
      CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${table}_note()`);
    const sync = await engine.sync({
      sql: `SELECT id, email, repeat('.', ${padBytes}) AS pad FROM ${table} ORDER BY id`,
      mapping: ['id', 'email', 'pad'].map((column) => ({ column, field: column })),
      mode: 'mirror',
      object: { table },
      destination: {
        kind: 'postgres',
        config: { atomic_rows: 0, ...config },
        secrets: { url: engine.databases.target.url },
      },
    });
    const users = new WideUsers(engine, table, sync);
    await users.show(rows);
    return users;
  }

  /** What the model gives from now on. */
  async show(rows: Readonly<Record<string, string>>): Promise<void> {
    await this.engine.warehouse.raw(`TRUNCATE ${this.table}`);
    await this.engine
      .warehouse(this.table)
      .insert(Object.entries(rows).map(([id, email]) => ({ id, email })));
  }

  /** What the table holds. */
  async held(): Promise<Record<string, string>> {
    const rows = await this.engine.target(this.table).select('id', 'email').orderBy('id');
    return Object.fromEntries(rows.map(({ id, email }) => [id, email]));
  }

  /** How many effects there were, whatever became of them later; forgets them. */
  async effects(): Promise<number> {
    return (await this.engine.target(`${this.table}_effects`).delete('*')).length;
  }

  /** The run's batches as they were planned, and those of rows that went once more. */
  async batchesOf(runId: string): Promise<{ planned: LedgerRow[]; followUps: LedgerRow[] }> {
    const { batches } = await this.engine.knex('change_plans').where({ run_id: runId }).first();
    const rows: LedgerRow[] = await this.engine.knex('batches').where({ run_id: runId }).orderBy('batch_no');
    return {
      planned: rows.filter(({ batch_no: no }) => no <= batches),
      followUps: rows.filter(({ batch_no: no }) => no > batches),
    };
  }
}

interface LedgerRow {
  batch_no: number;
  state: string;
  attempts: number;
  creates: number;
  updates: number;
  created: number;
  updated: number;
  failed: number;
}

/** Ids from one number to another, with addresses made of them. */
export function users(
  prefix: string,
  from: number,
  to: number,
  email: (n: number) => string,
): Record<string, string> {
  const entries = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  return Object.fromEntries(entries.map((n) => [`${prefix}${String(n).padStart(2, '0')}`, email(n)]));
}
