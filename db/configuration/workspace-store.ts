// Owns the table workspaces.
import type { Knex } from 'knex';
import { newId } from '../new-id';

interface WorkspaceRow {
  id: string;
  name: string;
  created_at: Date;
}

export interface StoredWorkspace {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Date;
}

export class WorkspaceStore {
  constructor(private readonly knex: Knex) {}

  /** The workspace of that name, made when it is not there yet; safe to call from two places at once. */
  async ensure(name: string): Promise<StoredWorkspace> {
    await this.knex('workspaces')
      .insert({ id: newId('workspace'), name })
      .onConflict('name')
      .ignore();
    const row: WorkspaceRow | undefined = await this.knex('workspaces').where({ name }).first();
    if (!row) throw new Error(`workspace "${name}" vanished while it was made`);
    return mapRow(row);
  }

  async find(workspaceId: string): Promise<StoredWorkspace | null> {
    const row: WorkspaceRow | undefined = await this.knex('workspaces').where({ id: workspaceId }).first();
    return row ? mapRow(row) : null;
  }
}

/** Until the transaction ends nobody else who asks for it has it; reading the workspace needs no lock. */
export async function lockWorkspace(trx: Knex.Transaction, workspaceId: string): Promise<void> {
  // NO KEY: every row that is written in the workspace holds a key share of this one.
  await trx.raw(`SELECT 1 FROM workspaces WHERE id = ? FOR NO KEY UPDATE`, [workspaceId]);
}

function mapRow(row: WorkspaceRow): StoredWorkspace {
  return { id: row.id, name: row.name, createdAt: row.created_at };
}
