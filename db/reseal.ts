// Owns sealing anew what was sealed with a key that is being retired. Does not know where keys come from.
import type { Knex } from 'knex';
import { answerOwner } from './idempotency/idempotency-store';
import {
  openSecrets,
  SealBrokenError,
  type SealOwner,
  type SecretKey,
  sealingKeyId,
  sealSecrets,
} from './seal';

/** What became of the values that another key than the present one had sealed. */
export interface Resealed {
  readonly resealed: number;
  /** Sealed with a key that is not known any more, and left as they are. */
  readonly unopened: number;
}

interface SealedColumn {
  readonly table: string;
  readonly column: string;
  ownerOf(row: SealedRow): SealOwner;
}

interface SealedRow {
  id: string | Buffer;
  workspace_id: string;
  sealed: Buffer;
}

const connectionOwner = (row: SealedRow): SealOwner => ({
  workspaceId: row.workspace_id,
  objectId: String(row.id),
});

/** Every column that holds sealed values. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: 'sources', column: 'secrets_sealed', ownerOf: connectionOwner },
  { table: 'destinations', column: 'secrets_sealed', ownerOf: connectionOwner },
  { table: 'alert_channels', column: 'secrets_sealed', ownerOf: connectionOwner },
  {
    table: 'idempotency_keys',
    column: 'answer_sealed',
    ownerOf: (row) => answerOwner(row.workspace_id, row.id as Buffer),
  },
];

// Each takes some twenty microseconds; a page is a short statement, and its rows fit anywhere.
const page = 200;

/** Seals everything with the first of the keys. Safe beside running processes that know the same keys, and to repeat. */
export async function resealAll(knex: Knex, secretKey: SecretKey): Promise<Resealed> {
  let all: Resealed = { resealed: 0, unopened: 0 };
  for (const column of sealedColumns) {
    const one = await resealColumn(knex, secretKey, column);
    all = { resealed: all.resealed + one.resealed, unopened: all.unopened + one.unopened };
  }
  return all;
}

async function resealColumn(knex: Knex, secretKey: SecretKey, sealed: SealedColumn): Promise<Resealed> {
  const { table, column } = sealed;
  const done = { resealed: 0, unopened: 0 };
  let after: string | Buffer | null = null;
  for (;;) {
    const rows: SealedRow[] = await knex(table)
      .select('id', 'workspace_id', `${column} as sealed`)
      .whereRaw(`substring(?? from 2 for 8) <> ?`, [column, sealingKeyId(secretKey)])
      .modify((query) => {
        if (after !== null) void query.where('id', '>', after);
      })
      .orderBy('id')
      .limit(page);
    for (const row of rows) {
      const fresh = resealedOf(secretKey, sealed.ownerOf(row), row.sealed);
      if (!fresh) done.unopened += 1;
      // As it was read, or somebody has written newer secrets meanwhile, which are sealed with the new key.
      else
        done.resealed += await knex(table)
          .where({ id: row.id, [column]: row.sealed })
          .update({ [column]: fresh });
    }
    after = rows.at(-1)?.id ?? null;
    if (rows.length < page) return done;
  }
}

function resealedOf(secretKey: SecretKey, owner: SealOwner, sealed: Buffer): Buffer | null {
  try {
    return sealSecrets(secretKey, owner, openSecrets(secretKey, owner, sealed));
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}
