// Owns the table previews: the way on which a preview is asked for and answered between API and worker, past Temporal, whose
// histories hold no rows. Both directions are sealed; a preview lives for two minutes at most. Runs nothing.
import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Failure } from '../domain/failure';
import { openSecrets, sealSecrets, type SecretKey } from './seal';

/** A model to look into that need not be stored. */
export interface PreviewRequest {
  readonly workspaceId: string;
  readonly sourceId: string;
  readonly sql: string;
  /** Most rows wanted. */
  readonly limit: number;
}

/** One value as text; `cutFrom`: it is the beginning of so many bytes. */
export interface PreviewValue {
  readonly text: string | null;
  readonly cutFrom: number | null;
}

/** The first rows of a model, their values in the order of its columns. */
export interface PreviewRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly PreviewValue[])[];
  /** Whether the model has rows that are not among these. */
  readonly hasMore: boolean;
}

/** Rows, or why there are none: what a source says of a failed query may repeat values of its rows. */
export type PreviewAnswer = { readonly rows: PreviewRows } | { readonly failure: Failure };

interface PreviewRow {
  source_id: string;
  request_sealed: Buffer;
  answer_sealed: Buffer | null;
}

// Longer than any inspection is waited for, so that no answer comes to a request that is gone.
const lifeSeconds = 120;

export class PreviewStore {
  /** `secretKey` is 32 bytes. */
  constructor(
    private readonly knex: Knex,
    private readonly secretKey: SecretKey,
  ) {}

  /** Leaves a request for a worker; returns its id. */
  async ask({ workspaceId, sourceId, ...request }: PreviewRequest): Promise<string> {
    const id = randomUUID();
    await this.knex('previews').insert({
      id,
      workspace_id: workspaceId,
      source_id: sourceId,
      request_sealed: this.sealed(workspaceId, `${id}/request`, request),
      expires_at: this.knex.raw('clock_timestamp() + make_interval(secs => ?)', [lifeSeconds]),
    });
    return id;
  }

  /** What was asked for; null when it is gone. */
  async request(workspaceId: string, id: string): Promise<PreviewRequest | null> {
    const row: PreviewRow | undefined = await this.knex('previews')
      .where({ workspace_id: workspaceId, id })
      .first();
    if (!row) return null;
    const { sql, limit } = this.opened(workspaceId, `${id}/request`, row.request_sealed) as PreviewRequest;
    return { workspaceId, sourceId: row.source_id, sql, limit };
  }

  /** Leaves the answer for whoever asked; nothing when he has gone. */
  async answer(workspaceId: string, id: string, answer: PreviewAnswer): Promise<void> {
    await this.knex('previews')
      .where({ workspace_id: workspaceId, id })
      .update({ answer_sealed: this.sealed(workspaceId, `${id}/answer`, answer) });
  }

  /** The answer, null when there is none. Leaves nothing behind. */
  async collect(workspaceId: string, id: string): Promise<PreviewAnswer | null> {
    const [row] = await this.knex('previews')
      .where({ workspace_id: workspaceId, id })
      .delete()
      .returning<PreviewRow[]>(['answer_sealed']);
    if (!row?.answer_sealed) return null;
    return this.opened(workspaceId, `${id}/answer`, row.answer_sealed) as PreviewAnswer;
  }

  private sealed(workspaceId: string, objectId: string, content: object): Buffer {
    return sealSecrets(this.secretKey, { workspaceId, objectId }, content);
  }

  private opened(workspaceId: string, objectId: string, sealed: Buffer): unknown {
    return openSecrets(this.secretKey, { workspaceId, objectId }, sealed);
  }
}

/** Removes those that nobody has come for; returns how many. */
export async function removeExpiredPreviews(knex: Knex): Promise<number> {
  return knex('previews').where('expires_at', '<', knex.fn.now()).delete();
}
