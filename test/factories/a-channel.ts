// Makes alert channels and what is to be delivered there, for tests.
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { ChannelStore } from '../../db/alerts/channel-store';
import { newId } from '../../db/new-id';
import type { SecretKey } from '../../db/seal';
import type { ToldAlert } from '../../domain/alerts/alert';
import type { AlertMessage } from '../../domain/alerts/message';
import { aMessage, toldAlert } from './a-message';
import { aSync } from './a-sync';
import { aWorkspace, testSecretKey, uniqueSuffix } from './a-workspace';

export interface MadeChannel {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly name: string;
}

export interface ChannelOverrides {
  readonly workspaceId?: string;
  readonly kind?: 'slack' | 'webhook';
  readonly name?: string;
  readonly url?: string;
  /** Of a webhook; one of its own unless given. */
  readonly secret?: string;
  /** What seals its secrets. */
  readonly secretKey?: SecretKey;
}

/** A webhook that leads nowhere unless told otherwise, with its secrets sealed. */
export async function aChannelTo(knex: Knex, given: ChannelOverrides = {}): Promise<MadeChannel> {
  const { kind = 'webhook', url = 'https://hooks.invalid/in', name = `Channel ${uniqueSuffix()}` } = given;
  const workspaceId = given.workspaceId ?? (await aWorkspace(knex)).id;
  const secret = given.secret ?? `whsec_${randomBytes(24).toString('base64')}`;
  const { id } = await new ChannelStore(knex, given.secretKey ?? testSecretKey).create({
    workspaceId,
    name,
    kind,
    config: kind === 'slack' ? { host: new URL(url).host } : { url },
    secrets: kind === 'slack' ? { url } : { url, secrets: [{ secret, expires_at: null }] },
  });
  return { workspaceId, channelId: id, name };
}

export interface DeliveryOverrides {
  readonly type?: AlertMessage['type'];
  readonly content?: Partial<AlertMessage>;
  /** As statements of Postgres: `now() + interval '1 hour'`. */
  readonly dueAt?: string;
  readonly giveUpAt?: string;
}

/** A delivery that is due, its message written already; returns its id. */
export async function aDueDelivery(
  knex: Knex,
  { workspaceId, channelId }: Pick<MadeChannel, 'workspaceId' | 'channelId'>,
  given: DeliveryOverrides = {},
): Promise<string> {
  const { type = 'alert.raised', dueAt = 'now()', giveUpAt = `now() + interval '24 hours'` } = given;
  const id = newId('delivery');
  await knex('alert_deliveries').insert({
    id,
    workspace_id: workspaceId,
    channel_id: channelId,
    type,
    content: JSON.stringify(aMessage({ type, ...given.content, id })),
    due_at: knex.raw(dueAt),
    give_up_at: knex.raw(giveUpAt),
  });
  return id;
}

/** A delivery that tells of alerts of syncs of their own, its message not written yet; returns its id. */
export async function aDeliveryOf(
  knex: Knex,
  { workspaceId, channelId }: Pick<MadeChannel, 'workspaceId' | 'channelId'>,
  alerts: readonly Partial<ToldAlert>[],
): Promise<string> {
  const id = newId('delivery');
  const cause = `workspace:${uniqueSuffix()}`;
  await knex('alert_deliveries').insert({
    id,
    workspace_id: workspaceId,
    channel_id: channelId,
    type: 'alert.raised',
    cause,
    gathers: true,
    give_up_at: knex.raw(`now() + interval '24 hours'`),
  });
  for (const given of alerts) {
    const sync = await aSync(knex, { workspaceId });
    const told = toldAlert({ sync: { id: sync.id, name: sync.name }, run: null, ...given });
    await knex('alerts').insert({
      id: told.id,
      workspace_id: workspaceId,
      sync_id: sync.id,
      kind: told.kind,
      severity: told.severity,
      cause,
      opened_at: told.openedAt,
      last_seen_at: told.lastSeenAt,
      detail: JSON.stringify({
        sentence: told.sentence,
        advice: told.advice,
        run: told.run,
        about: told.about,
      }),
    });
    await knex('alert_delivery_alerts').insert({
      delivery_id: id,
      alert_id: told.id,
      workspace_id: workspaceId,
      told: JSON.stringify(told),
    });
  }
  return id;
}

/** A delivery as it stands in its table. */
export interface DeliveryRecord {
  readonly state: string;
  readonly attempts: number;
  readonly earlier_attempts: number;
  readonly error: string | null;
  readonly content: AlertMessage | null;
  readonly next_attempt_at: Date | null;
  readonly give_up_at: Date;
  readonly ended_at: Date | null;
  readonly gathers: boolean;
}

export async function deliveryRecord(knex: Knex, id: string): Promise<DeliveryRecord> {
  const row: DeliveryRecord | undefined = await knex('alert_deliveries').where({ id }).first();
  if (!row) throw new Error(`there is no delivery ${id}`);
  return row;
}

/** Its tries, the first one first. */
export function attemptsOf(
  knex: Knex,
  deliveryId: string,
): Promise<
  {
    attempt: number;
    duration_ms: number | null;
    http_status: number | null;
    error: string | null;
    answer: string | null;
  }[]
> {
  return knex('alert_attempts')
    .where({ delivery_id: deliveryId })
    .orderBy('attempt')
    .select('attempt', 'duration_ms', 'http_status', 'error', 'answer');
}

/** A channel as it stands in its table. */
export async function channelRecord(
  knex: Knex,
  id: string,
): Promise<{
  enabled: boolean;
  disabled_at: Date | null;
  disabled_reason: string | null;
  failing_since: Date | null;
  delivering_until: Date | null;
}> {
  return knex('alert_channels').where({ id }).first();
}
