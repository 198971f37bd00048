// Owns reading the rules that hold for many syncs at once. What is set, and how, is the rule store's.
import type { Knex } from 'knex';
import type { SyncPlace } from '../../configuration/sync-lock';
import {
  type AlertRule,
  type AlertRuleKind,
  alertRuleKinds,
  effectiveRule,
  type EffectiveRules,
  type RuleSettings,
} from '../../../domain/alerts/rules';

interface RuleRow {
  workspace_id: string;
  sync_id: string | null;
  kind: AlertRuleKind;
  enabled: boolean;
  settings: RuleSettings;
  channel_ids: string[] | null;
}

/** The rules in force for each of these syncs. */
export async function rulesOfSyncs(
  knex: Knex,
  places: readonly SyncPlace[],
): Promise<(place: SyncPlace) => EffectiveRules> {
  const { rows } = await knex.raw<{ rows: RuleRow[] }>(
    `SELECT workspace_id, sync_id, kind, enabled, settings, channel_ids FROM alert_rules
     WHERE workspace_id = ANY (?) AND (sync_id IS NULL OR sync_id = ANY (?))`,
    [places.map(({ workspaceId }) => workspaceId), places.map(({ syncId }) => syncId)],
  );
  const keyOf = (workspaceId: string, syncId: string | null, kind: string): string =>
    `${workspaceId} ${syncId ?? ''} ${kind}`;
  const set = new Map(
    rows.map((row): [string, AlertRule] => {
      const { kind, enabled, settings, channel_ids: channelIds } = row;
      return [keyOf(row.workspace_id, row.sync_id, kind), { kind, enabled, settings, channelIds }];
    }),
  );
  return ({ workspaceId, syncId }) =>
    Object.fromEntries(
      alertRuleKinds.map((kind) => [
        kind,
        effectiveRule(
          kind,
          set.get(keyOf(workspaceId, null, kind)),
          set.get(keyOf(workspaceId, syncId, kind)),
        ),
      ]),
    ) as EffectiveRules;
}
