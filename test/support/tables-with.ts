// Searches a whole database for a text, as somebody with a dump of it could: every column of every table.
import type { Knex } from 'knex';

/** The tables that hold the text, as text or as bytes, whatever the case of its letters; it must have no signs to escape. */
export async function tablesWith(knex: Knex, text: string): Promise<string[]> {
  const { rows: tables } = await knex.raw<{ rows: { relname: string }[] }>(
    `SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r' ORDER BY relname`,
  );
  // A row as text shows its bytea columns in hex.
  const needles = [text, text.toLowerCase(), text.toUpperCase()].map((form) =>
    Buffer.from(form).toString('hex'),
  );
  const found: string[] = [];
  for (const { relname } of tables) {
    const { rows } = await knex.raw<{ rows: { line: string }[] }>(`SELECT t::text AS line FROM ${relname} t`);
    const holds = ({ line }: { line: string }): boolean =>
      line.toLowerCase().includes(text.toLowerCase()) || needles.some((needle) => line.includes(needle));
    if (rows.some(holds)) found.push(relname);
  }
  return found;
}
