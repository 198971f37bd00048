// Owns how an alert rule looks on the wire, and its ETag.
import type { RuleInForce } from '../../../db/alerts/rule-store';
import { type RuleSettings, severityOf } from '../../../domain/alerts/rules';
import { presentAuthor } from '../../configuration/author-presenter';
import { configurationEtag } from '../../configuration/configuration-etag';
import { wireTimeOrNull } from '../../wire-time';
import { settingNames } from './schema';

export function presentRule(rule: RuleInForce): object {
  return {
    kind: rule.kind,
    severity: rule.kind === 'run_completed' ? null : severityOf[rule.kind],
    enabled: rule.enabled,
    settings: Object.fromEntries(
      Object.entries(rule.settings).map(([key, value]) => [settingNames[key as keyof RuleSettings], value]),
    ),
    channel_ids: rule.channelIds,
    source: rule.origin,
    updated_at: wireTimeOrNull(rule.updatedAt),
    updated_by: presentAuthor(rule.updatedBy),
  };
}

/** The same as an answer of its own, with the ETag of this state of it. */
export function ruleOnWire(rule: RuleInForce): { body: object; etag: string } {
  const body = presentRule(rule);
  return { body, etag: configurationEtag(rule.revision, body) };
}
