// Owns a sync of a chaos place into a PostgreSQL table that notes every effect on its rows, and what source and table hold.
import type { ChaosPlace } from './chaos-place';
import { SyncRuns } from './sync-runs';

export interface TableSyncOptions {
  readonly name: string;
  readonly rows: number;
  /** Batches written at once, each in a transaction of its own. */
  readonly lanes: number;
  /** What the table takes for a row, milliseconds. */
  readonly rowMs: number;
}

/** What the table noted: effects of each kind, and rows with more than one. */
export interface Effects {
  readonly created: number;
  readonly updated: number;
  readonly twice: number;
}

// A batch holds 4 MiB: with rows this long some 2,700 of them, so that there are many batches to be hit.
const noteBytes = 1_500;
// A sleep of less than a millisecond is one; longer ones for every twentieth row come to the same and are kept.
const sleepEvery = 20;
// Every other five thousand rows are in the table beforehand, with another e-mail address. So, whenever it is hit, some
// lanes copy new rows in and others have met known ones and merge.
const blockRows = 5_000;
// Few enough for runs of any size here to be written in several transactions.
const atomicRows = 1_000;

export class TableSync extends SyncRuns {
  /** Makes both tables, and source, model, destination and sync. */
  static async make(place: ChaosPlace, options: TableSyncOptions): Promise<TableSync> {
    const { name, rows, lanes, rowMs } = options;
    const config = { url: place.outsideUrl('target'), lanes, atomic_rows: atomicRows };
    const id = await SyncRuns.makeSync(place, {
      name,
      rows,
      destination: { kind: 'postgres', config },
      object: { table: name },
      // Long on the way only: the table of the source would take minutes to fill.
      sql: `SELECT id, email, note || repeat('.', ${noteBytes}) AS note FROM ${name}`,
    });
    const made = [
      `CREATE TABLE ${name} (id bigint PRIMARY KEY, email text, note text)`,
      `INSERT INTO ${name} SELECT n, 'before', '' FROM generate_series(1, ${rows}) n WHERE n / ${blockRows} % 2 = 1`,
      `CREATE TABLE ${name}_effects (id bigint, effect text)`,
      `CREATE TABLE ${name}_pace AS SELECT ${rowMs}::float8 AS row_ms`,
      // Rolled back with the row, so that what is noted in the end is what took effect.
      `CREATE FUNCTION ${name}_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         INSERT INTO ${name}_effects VALUES (NEW.id, TG_OP);
         IF NEW.id % ${sleepEvery} = 0 THEN
           PERFORM pg_sleep(row_ms * ${sleepEvery} / 1000) FROM ${name}_pace;
         END IF;
         RETURN NULL;
       END $$`,
      `CREATE TRIGGER noted AFTER INSERT OR UPDATE ON ${name} FOR EACH ROW EXECUTE FUNCTION ${name}_note()`,
    ];
    for (const statement of made) await place.askOutside('target', statement);
    return new TableSync(place, name, id);
  }

  /** From the next row on. */
  async setPace(rowMs: number): Promise<void> {
    await this.place.askOutside('target', `UPDATE ${this.name}_pace SET row_ms = $1`, [rowMs]);
  }

  /** Lanes in the middle of a write whose connection was opened after `since`, a time of the table's server. */
  async writingSince(since: string): Promise<number> {
    const [seen] = await this.place.askOutside<{ lanes: number }>(
      'target',
      `SELECT count(*)::int AS lanes FROM pg_stat_activity
       WHERE datname = 'target' AND wait_event = 'PgSleep' AND backend_start > $1::timestamptz`,
      [since],
    );
    return seen?.lanes ?? 0;
  }

  /** The clock of the table's server. */
  async now(): Promise<string> {
    const [read] = await this.place.askOutside<{ at: string }>(
      'target',
      `SELECT clock_timestamp()::text AS at`,
    );
    return read?.at ?? '';
  }

  async effects(): Promise<Effects> {
    const [seen] = await this.place.askOutside<{ created: number; updated: number; twice: number }>(
      'target',
      `SELECT coalesce(sum(inserts), 0)::int AS created, coalesce(sum(updates), 0)::int AS updated,
         count(*) FILTER (WHERE inserts + updates > 1)::int AS twice
       FROM (SELECT count(*) FILTER (WHERE effect = 'INSERT') AS inserts,
         count(*) FILTER (WHERE effect = 'UPDATE') AS updates FROM ${this.name}_effects GROUP BY id) rows`,
    );
    return seen ?? { created: 0, updated: 0, twice: 0 };
  }

  /** Ids whose row in the source differs from the one in the table, or is missing on either side. */
  async differences(): Promise<string[]> {
    const read = async (database: 'warehouse' | 'target', note: string): Promise<Map<string, string>> => {
      const rows = await this.place.askOutside<{ id: string; print: string }>(
        database,
        `SELECT id::text, md5(row(email, ${note})::text) AS print FROM ${this.name}`,
      );
      return new Map(rows.map(({ id, print }) => [id, print]));
    };
    const model = await read('warehouse', `note || repeat('.', ${noteBytes})`);
    const table = await read('target', 'note');
    return [...new Set([...model.keys(), ...table.keys()])].filter((id) => model.get(id) !== table.get(id));
  }
}
