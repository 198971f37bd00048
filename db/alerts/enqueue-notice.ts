// Owns messages that are about no alert: a run that completed, a channel that was switched off. Each is one message, at once.
import type { Knex } from 'knex';
import { type AlertMessage, giveUpHours } from '../../domain/alerts/message';
import { newId } from '../new-id';

/** A message for one channel. */
export interface Notice {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly type: 'sync_run.completed' | 'channel.disabled';
  /** The run it is about; what is said of it is written at the first try. */
  readonly runId?: string;
  /** What it says, where nothing stored will tell later; its id is that of the delivery. */
  readonly content?: Omit<AlertMessage, 'id'>;
}

/** Has each sent; returns the deliveries' ids. */
export async function enqueueNotices(trx: Knex, notices: readonly Notice[]): Promise<string[]> {
  if (notices.length === 0) return [];
  const rows = notices.map(({ workspaceId, channelId, type, runId, content }) => {
    const id = newId('delivery');
    return {
      id,
      workspace_id: workspaceId,
      channel_id: channelId,
      type,
      run_id: runId ?? null,
      content: content ? { id, ...content } : null,
    };
  });
  await trx.raw(
    `INSERT INTO alert_deliveries (id, workspace_id, channel_id, type, run_id, content, give_up_at)
     SELECT id, workspace_id, channel_id, type, run_id, content, now() + make_interval(hours => ${giveUpHours})
     FROM jsonb_to_recordset(?::jsonb)
       AS t (id text, workspace_id text, channel_id text, type text, run_id text, content jsonb)`,
    [JSON.stringify(rows)],
  );
  return rows.map(({ id }) => id);
}
