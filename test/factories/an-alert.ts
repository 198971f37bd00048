// Makes what alerts are made of, for tests: channels, incidents, messages and their tries, as they would stand in the tables.
import type { Knex } from 'knex';
import { ChannelStore, type StoredChannel } from '../../db/alerts/channel-store';
import { newId } from '../../db/new-id';
import type { AlertDetail } from '../../domain/alerts/alert';
import type { AlertMessageType } from '../../domain/alerts/message';
import { type AlertKind, severityOf } from '../../domain/alerts/rules';
import { aSync } from './a-sync';
import { aWorkspace, testSecretKey, uniqueSuffix } from './a-workspace';

export const slackUrl = 'https://hooks.slack.invalid/services/T0/B0/not-a-secret';
export const webhookUrl = 'https://ops.invalid/hooks/signalsmith?key=not-a-secret';
export const webhookSecret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

export interface ChannelOverrides {
  readonly workspaceId?: string;
  readonly name?: string;
  readonly kind?: 'slack' | 'webhook';
}

/** A webhook unless told otherwise, in a workspace of its own unless one is named. */
export async function aChannel(knex: Knex, overrides: ChannelOverrides = {}): Promise<StoredChannel> {
  const { kind = 'webhook' } = overrides;
  return new ChannelStore(knex, testSecretKey).create({
    workspaceId: overrides.workspaceId ?? (await aWorkspace(knex)).id,
    name: overrides.name ?? `Channel ${uniqueSuffix()}`,
    kind,
    ...(kind === 'slack'
      ? { config: { host: new URL(slackUrl).host }, secrets: { url: slackUrl } }
      : {
          config: { url: webhookUrl.replace(/\?.*/, '') },
          secrets: { url: webhookUrl, secrets: [{ secret: webhookSecret, expires_at: null }] },
        }),
  });
}

/** An enabled webhook of the workspace without secrets; returns its id. */
export async function anAlertChannel(
  knex: Knex,
  workspaceId: string,
  given: { readonly enabled?: boolean } = {},
): Promise<string> {
  const id = newId('channel');
  await knex('alert_channels').insert({
    id,
    workspace_id: workspaceId,
    name: `Channel ${uniqueSuffix()}`,
    kind: 'webhook',
    config: JSON.stringify({ url: 'https://hooks.invalid/' }),
    enabled: given.enabled ?? true,
  });
  return id;
}

export interface AlertOverrides {
  /** Its sync; one of its own when absent. */
  readonly sync?: { readonly id: string; readonly workspaceId: string };
  readonly kind?: AlertKind;
  readonly openedAt?: Date;
  readonly detail?: Partial<AlertDetail>;
  readonly runId?: string | null;
  readonly cause?: string;
  /** Whether channels were told of it. */
  readonly isTold?: boolean;
  readonly acknowledgedAt?: Date;
  readonly resolvedAt?: Date;
}

export interface MadeAlert {
  readonly id: string;
  readonly workspaceId: string;
  readonly syncId: string;
}

/** An open alert of an hour ago, of a run that failed, unless told otherwise. */
export async function anAlert(knex: Knex, overrides: AlertOverrides = {}): Promise<MadeAlert> {
  const { id: syncId, workspaceId } = overrides.sync ?? (await aSync(knex));
  const { kind = 'run_failed', runId = null } = overrides;
  const openedAt = overrides.openedAt ?? new Date(Date.now() - 3_600_000);
  const id = newId('alert');
  const place = { workspace_id: workspaceId, alert_id: id };
  await knex('alerts').insert({
    id,
    workspace_id: workspaceId,
    sync_id: syncId,
    kind,
    severity: severityOf[kind],
    cause: overrides.cause ?? 'workspace:internal',
    opened_at: openedAt,
    last_seen_at: openedAt,
    first_run_id: runId,
    last_run_id: runId,
    detail: JSON.stringify({
      sentence: 'Users → CRM failed: Destination authentication expired',
      advice: ['Give the destination a new key.'],
      run: null,
      about: null,
      ...overrides.detail,
    }),
    told_at: overrides.isTold ? openedAt : null,
    acknowledged_at: overrides.acknowledgedAt ?? null,
    resolved_at: overrides.resolvedAt ?? null,
  });
  await knex('alert_events').insert({ ...place, at: openedAt, type: 'opened', run_id: runId });
  if (overrides.resolvedAt)
    await knex('alert_events').insert({ ...place, at: overrides.resolvedAt, type: 'resolved' });
  return { id, workspaceId, syncId };
}

export interface DeliveryOverrides {
  readonly channel: { readonly id: string; readonly workspaceId: string };
  /** The alerts it tells of. */
  readonly alerts?: readonly MadeAlert[];
  readonly type?: AlertMessageType;
  readonly state?: 'pending' | 'delivered' | 'failed' | 'withdrawn';
  /** Tries it has had; the last one of a delivered message was taken. */
  readonly attempts?: number;
  readonly gathers?: boolean;
  readonly dueAt?: Date;
}

/** A delivered message that took two tries, unless told otherwise. Its id. */
export async function aDelivery(knex: Knex, overrides: DeliveryOverrides): Promise<string> {
  const { channel, alerts = [], type = 'alert.raised', state = 'delivered', gathers = false } = overrides;
  const attempts = overrides.attempts ?? (state === 'delivered' ? 2 : 0);
  const id = newId('delivery');
  const place = { workspace_id: channel.workspaceId, delivery_id: id };
  const now = new Date();
  await knex('alert_deliveries').insert({
    id,
    workspace_id: channel.workspaceId,
    channel_id: channel.id,
    type,
    cause: gathers ? 'workspace:internal' : null,
    state,
    gathers,
    due_at: overrides.dueAt ?? now,
    give_up_at: new Date(now.getTime() + 86_400_000),
    attempts,
    ended_at: state === 'pending' ? null : now,
    error: state === 'failed' ? 'It was not accepted within a day.' : null,
  });
  for (const { id: alertId } of alerts)
    await knex('alert_delivery_alerts').insert({ ...place, alert_id: alertId, told: '{}' });
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const isTaken = state === 'delivered' && attempt === attempts;
    await knex('alert_attempts').insert({
      ...place,
      attempt,
      duration_ms: 40 + attempt,
      http_status: isTaken ? 200 : 503,
      error: isTaken ? null : 'The channel answered 503',
      answer: isTaken ? 'ok' : 'try later',
    });
  }
  return id;
}
