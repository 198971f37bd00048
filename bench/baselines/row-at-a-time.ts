// Owns the peers' ways to find that nothing has changed: rows as objects, fingerprinted one by one in JavaScript.
import { createHash } from 'node:crypto';
import { type Client, Pool } from 'pg';

/** What is known of each row: its key and a fingerprint, in a keyed table of the target. */
const stateTable = 'row_states';
// What the best known peer of this kind has: pages of ten thousand by OFFSET, five connections.
const pageRows = 10_000;
const connections = 5;

interface UserRow {
  readonly id: string;
}

/** Fills the state with the model's rows. */
export async function rememberRows(warehouse: Client, target: Client, model: string): Promise<void> {
  await target.query(
    `DROP TABLE IF EXISTS ${stateTable}; CREATE TABLE ${stateTable} (id bigint PRIMARY KEY, print text)`,
  );
  const { rows } = await warehouse.query<UserRow>(model);
  await target.query(`INSERT INTO ${stateTable} SELECT * FROM unnest($1::bigint[], $2::text[])`, [
    rows.map(({ id }) => id),
    rows.map(printOf),
  ]);
  await target.query(`VACUUM (ANALYZE) ${stateTable}`);
}

/** One statement a row: each asks the state for its fingerprint. Returns how many rows differ. */
export async function compareByStatements(
  warehouse: Client,
  targetUrl: string,
  model: string,
): Promise<number> {
  const pool = new Pool({ connectionString: targetUrl, max: connections });
  let changed = 0;
  for (let offset = 0; ; offset += pageRows) {
    const { rows } = await warehouse.query<UserRow>(
      `${model} ORDER BY id LIMIT ${pageRows} OFFSET ${offset}`,
    );
    if (rows.length === 0) break;
    let next = 0;
    const lane = async (): Promise<number> => {
      let found = 0;
      for (let row = rows[next++]; row; row = rows[next++]) {
        const known = await pool.query<{ print: string }>({
          name: 'known',
          text: `SELECT print FROM ${stateTable} WHERE id = $1`,
          values: [row.id],
        });
        if (known.rows[0]?.print !== printOf(row)) found += 1;
      }
      return found;
    };
    const found = await Promise.all(Array.from({ length: connections }, lane));
    changed += found.reduce((sum, count) => sum + count, 0);
  }
  await pool.end();
  return changed;
}

/** All rows and the whole state in memory, compared through a map. Returns how many rows differ. */
export async function compareInMap(warehouse: Client, target: Client, model: string): Promise<number> {
  const state = await target.query<{ id: string; print: string }>(`SELECT id, print FROM ${stateTable}`);
  const known = new Map(state.rows.map(({ id, print }) => [id, print]));
  const { rows } = await warehouse.query<UserRow>(model);
  return rows.filter((row) => known.get(row.id) !== printOf(row)).length;
}

function printOf(row: UserRow): string {
  return createHash('md5').update(JSON.stringify(row)).digest('hex');
}
