// Owns which channels a rule is told on: those it names, or all of its workspace, so far as they are on.
import type { Knex } from 'knex';
import type { AlertRule } from '../../../domain/alerts/rules';

/** The ids of the channels that a rule is told on. */
export type ChannelsOfRule = (workspaceId: string, rule: Pick<AlertRule, 'channelIds'>) => string[];

/** The channels of these workspaces, asked for once. */
export async function channelsOf(knex: Knex, workspaceIds: readonly string[]): Promise<ChannelsOfRule> {
  const { rows } = await knex.raw<{ rows: { id: string; workspace_id: string }[] }>(
    `SELECT id, workspace_id FROM alert_channels
     WHERE workspace_id = ANY (?) AND enabled AND deleted_at IS NULL ORDER BY id`,
    [[...new Set(workspaceIds)]],
  );
  return (workspaceId, { channelIds }) =>
    rows
      .filter((row) => row.workspace_id === workspaceId && (channelIds?.includes(row.id) ?? true))
      .map(({ id }) => id);
}
