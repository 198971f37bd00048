// Owns the table alert_rules: what differs from the rules everybody has, of a workspace or of one sync. Judges nothing.
import type { Knex } from 'knex';
import {
  type AlertRule,
  type AlertRuleKind,
  alertRuleKinds,
  effectiveRule,
  type RuleSettings,
} from '../../domain/alerts/rules';
import { type Author, authorSql } from '../configuration/author';
import { lockWorkspace } from '../configuration/workspace-store';

/** Whose rule: the workspace's where `syncId` is null. */
export interface RulePlace {
  readonly workspaceId: string;
  readonly syncId: string | null;
  readonly kind: AlertRuleKind;
}

/** Where a rule in force comes from. */
export const ruleOrigins = ['default', 'workspace', 'sync'] as const;
export type RuleOrigin = (typeof ruleOrigins)[number];

/** A rule as it holds; `revision` 0, no time and no author: nobody has set it. */
export interface RuleInForce extends AlertRule {
  readonly origin: RuleOrigin;
  readonly revision: number;
  readonly updatedAt: Date | null;
  readonly updatedBy: Author | null;
}

/** Is shown what is about to be changed, in its turn; what it throws keeps that. */
export type RuleCheck = (current: RuleInForce) => void;

/** Channels that a rule names and the workspace does not have. */
export class UnknownChannelsError extends Error {
  override readonly name = 'UnknownChannelsError';

  constructor(readonly channelIds: readonly string[]) {
    super(`there are no channels ${channelIds.join(', ')}`);
  }
}

interface RuleRow {
  sync_id: string | null;
  kind: AlertRuleKind;
  enabled: boolean;
  settings: RuleSettings;
  channel_ids: string[] | null;
  revision: number;
  updated_at: Date;
  updated_by: Author | null;
}

/** Every rule as it holds for the workspace, or for one sync of it, in the order of their kinds. */
export async function rulesInForce(
  knex: Knex,
  workspaceId: string,
  syncId: string | null,
): Promise<RuleInForce[]> {
  const rows = await readRules(knex, { workspaceId, syncId });
  return alertRuleKinds.map((kind) => inForce(kind, rows));
}

/** One rule as it holds at this place. */
export async function ruleInForce(knex: Knex, place: RulePlace): Promise<RuleInForce> {
  return inForce(place.kind, await readRules(knex, place));
}

/** Writes the whole rule of this place. Throws UnknownChannelsError. */
export async function putRule(
  knex: Knex,
  place: RulePlace,
  rule: Pick<AlertRule, 'enabled' | 'settings' | 'channelIds'>,
  by: string,
  check: RuleCheck,
): Promise<RuleInForce> {
  return knex.transaction(async (trx) => {
    await inTurn(trx, place, check);
    await assertChannels(trx, place.workspaceId, rule.channelIds ?? []);
    await trx.raw(
      `INSERT INTO alert_rules (workspace_id, sync_id, kind, enabled, settings, channel_ids, created_by, updated_by)
       VALUES (:workspaceId, :syncId, :kind, :enabled, :settings, :channelIds, :by, :by)
       ON CONFLICT ON CONSTRAINT alert_rules_unique DO UPDATE SET enabled = excluded.enabled,
         settings = excluded.settings, channel_ids = excluded.channel_ids, updated_by = excluded.updated_by,
         updated_at = clock_timestamp(), revision = alert_rules.revision + 1`,
      {
        ...place,
        enabled: rule.enabled,
        settings: JSON.stringify(rule.settings),
        channelIds: rule.channelIds === null ? null : [...rule.channelIds],
        by,
      },
    );
    return ruleInForce(trx, place);
  });
}

/** From then on what lies beneath holds: the workspace's rule for a sync, else everybody's. */
export async function removeRule(knex: Knex, place: RulePlace, check: RuleCheck): Promise<void> {
  await knex.transaction(async (trx) => {
    await inTurn(trx, place, check);
    const { workspaceId, syncId, kind } = place;
    await trx('alert_rules').where({ workspace_id: workspaceId, sync_id: syncId, kind }).delete();
  });
}

// Of two that have seen the same rule the second one finds it changed; there may be no row yet to wait for.
async function inTurn(trx: Knex.Transaction, place: RulePlace, check: RuleCheck): Promise<void> {
  await lockWorkspace(trx, place.workspaceId);
  check(await ruleInForce(trx, place));
}

// Held: a channel that is named is not deleted before the rule is there to be seen.
async function assertChannels(
  trx: Knex.Transaction,
  workspaceId: string,
  channelIds: readonly string[],
): Promise<void> {
  if (channelIds.length === 0) return;
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `SELECT id FROM alert_channels WHERE workspace_id = ? AND id = ANY (?) AND deleted_at IS NULL
     ORDER BY id FOR KEY SHARE`,
    [workspaceId, [...channelIds]],
  );
  const known = new Set(rows.map(({ id }) => id));
  const unknown = channelIds.filter((id) => !known.has(id));
  if (unknown.length > 0) throw new UnknownChannelsError(unknown);
}

async function readRules(
  knex: Knex,
  { workspaceId, syncId, kind = null }: Omit<RulePlace, 'kind'> & { readonly kind?: AlertRuleKind | null },
): Promise<RuleRow[]> {
  const { rows } = await knex.raw<{ rows: RuleRow[] }>(
    `SELECT sync_id, kind, enabled, settings, channel_ids, revision, updated_at,
       ${authorSql('alert_rules', 'updated_by')}
     FROM alert_rules
     WHERE workspace_id = :workspaceId AND (sync_id IS NULL OR sync_id = :syncId)
       AND (CAST(:kind AS text) IS NULL OR kind = :kind)`,
    { workspaceId, syncId, kind },
  );
  return rows;
}

function inForce(kind: AlertRuleKind, rows: readonly RuleRow[]): RuleInForce {
  const of = (isOfSync: boolean): RuleRow | undefined =>
    rows.find((row) => row.kind === kind && (row.sync_id !== null) === isOfSync);
  const [ofWorkspace, ofSync] = [of(false), of(true)];
  const rule = effectiveRule(kind, ofWorkspace && mapRule(ofWorkspace), ofSync && mapRule(ofSync));
  const set = ofSync ?? ofWorkspace;
  return {
    ...rule,
    origin: ofSync ? 'sync' : ofWorkspace ? 'workspace' : 'default',
    revision: set?.revision ?? 0,
    updatedAt: set?.updated_at ?? null,
    updatedBy: set?.updated_by ?? null,
  };
}

function mapRule({ kind, enabled, settings, channel_ids: channelIds }: RuleRow): AlertRule {
  return { kind, enabled, settings, channelIds };
}
