// Owns the table alert_channels as configuration: made, changed, switched on and off, rotated, deleted. Sends nothing.
import type { Knex } from 'knex';
import { type ChannelSecret, mostChannelSecrets } from '../../domain/alerts/channel';
import {
  type ConnectionChange,
  ConnectionStore,
  type OpenedConnection,
  type StoredConnection,
} from '../configuration/connection-store';
import type { Removal, RemovalPlace, RevisionPlace, User } from '../configuration/edited';
import type { SecretKey } from '../seal';
import { timeFromNow } from '../time-from-now';
import { takeAlertsTurn } from './alerts-turn';
import { hurryChannel } from './deliveries/claim-channels';
import { withdrawDeliveries } from './withdraw-deliveries';

/** A channel as stored, without its secrets. */
export interface StoredChannel extends StoredConnection {
  /** Off, nothing is written down for it. */
  readonly enabled: boolean;
  /** When we switched it off ourselves, and why; null: we did not. */
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
  /** Since when nothing has been accepted there; null: what came last was. */
  readonly failingSince: Date | null;
}

/** What is to be different; what is undefined stays. A URL comes with what may be shown of it. */
export interface ChannelChange extends Pick<ConnectionChange, 'name' | 'config' | 'updatedBy'> {
  readonly enabled?: boolean | undefined;
  readonly url?: string | undefined;
}

/** As many secrets of a channel are valid as may be. */
export class TooManySecretsError extends Error {
  override readonly name = 'TooManySecretsError';
}

const own = {
  names: ['enabled', 'disabled_at', 'disabled_reason', 'failing_since'],
  map: (row: {
    enabled: boolean;
    disabled_at: Date | null;
    disabled_reason: string | null;
    failing_since: Date | null;
  }): object => ({
    enabled: row.enabled,
    disabledAt: row.disabled_at,
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since,
  }),
};

const switchedOn = { enabled: true, disabled_at: null, disabled_reason: null, failing_since: null };
// It was switched off by a person: there is no reason of ours to show.
const switchedOff = { ...switchedOn, enabled: false };
const hourMs = 3_600_000;

export class ChannelStore extends ConnectionStore<StoredChannel> {
  constructor(knex: Knex, secretKey: SecretKey) {
    super(knex, secretKey, 'alert_channels', own);
  }

  /** Null: it was changed or deleted since that revision, and stays as it is. Throws NameTakenError. */
  async change(
    place: RevisionPlace,
    { enabled, url, ...change }: ChannelChange,
  ): Promise<StoredChannel | null> {
    const { workspaceId, id } = place;
    return this.knex.transaction(async (trx) => {
      if (enabled === false) await takeAlertsTurn(trx, [workspaceId]);
      const opened = url === undefined ? null : await this.locked(trx, place);
      if (url !== undefined && opened === null) return null;
      const secrets = opened ? { ...opened.secrets, url } : undefined;
      const isOn = enabled === undefined ? {} : enabled ? switchedOn : switchedOff;
      // What was not taken elsewhere is nothing against the new address.
      const since = url === undefined ? {} : { failing_since: null };
      const changed = await this.updateIn(trx, place, { ...change, secrets }, { ...since, ...isOn });
      if (changed && enabled === false) {
        await withdrawDeliveries(trx, { workspaceId, channelId: id }, 'The channel was switched off.');
      }
      // What waits for its next try need not: somebody has mended something.
      if (changed && (url !== undefined || enabled === true)) await hurryChannel(trx, id);
      return changed;
    });
  }

  /**
   * Signs with `secret` from now on, and with those before it for so many hours more, if they do not end earlier. Null: it
   * is not there. Throws TooManySecretsError.
   */
  async rotate(
    place: { readonly workspaceId: string; readonly id: string },
    { secret, keepHours, by }: { secret: string; keepHours: number; by: string },
  ): Promise<StoredChannel | null> {
    return this.knex.transaction(async (trx) => {
      const opened = await this.locked(trx, place);
      if (!opened) return null;
      const now = await timeFromNow(trx, 0);
      const kept = keptSecrets(opened.secrets['secrets'] as readonly ChannelSecret[], now, keepHours);
      if (kept.length >= mostChannelSecrets) throw new TooManySecretsError(`${place.id} has ${kept.length}`);
      const secrets = { ...opened.secrets, secrets: [{ secret, expires_at: null }, ...kept] };
      const { revision } = opened;
      const rotated = await this.updateIn(trx, { ...place, revision }, { secrets, updatedBy: by });
      // A receiver that knew none of the old ones has refused what waits there.
      await hurryChannel(trx, place.id);
      return rotated;
    });
  }

  /** With it goes what it was still to be told. */
  override remove(place: RemovalPlace, removedBy: string | null): Promise<Removal | null> {
    const { workspaceId, id: channelId } = place;
    return this.knex.transaction(async (trx) => {
      await takeAlertsTurn(trx, [workspaceId]);
      const removal = await this.removeIn(trx, place, removedBy);
      if (removal?.isRemoved)
        await withdrawDeliveries(trx, { workspaceId, channelId }, 'The channel was deleted.');
      return removal;
    });
  }

  /** Rules that tell it by name, of syncs that are deleted aside. */
  protected async users(
    trx: Knex.Transaction,
    workspaceId: string,
    channelId: string,
    most: number,
  ): Promise<User[]> {
    const { rows } = await trx.raw<{ rows: User[] }>(
      `SELECT coalesce(r.sync_id, r.workspace_id) AS id, r.kind AS name
       FROM alert_rules r LEFT JOIN syncs s ON s.id = r.sync_id
       WHERE r.workspace_id = ? AND ? = ANY (r.channel_ids) AND s.deleted_at IS NULL
       ORDER BY r.created_at, r.kind LIMIT ?`,
      [workspaceId, channelId, most],
    );
    return rows;
  }

  /** With its secrets in clear, and nobody else's to change before the transaction ends. */
  private async locked(
    trx: Knex.Transaction,
    { workspaceId, id, revision }: RemovalPlace,
  ): Promise<(OpenedConnection & { readonly revision: number }) | null> {
    const row: { revision: number } | undefined = await this.living(workspaceId, trx)
      .where({ id })
      .forNoKeyUpdate()
      .first('revision');
    if (!row || (revision !== undefined && row.revision !== revision)) return null;
    return { ...(await this.connection(workspaceId, id, trx)), revision: row.revision };
  }
}

/** Those that are still valid, ending in so many hours at the latest. */
function keptSecrets(secrets: readonly ChannelSecret[], now: Date, keepHours: number): ChannelSecret[] {
  const end = new Date(now.getTime() + keepHours * hourMs).toISOString();
  return secrets
    .map(({ secret, expires_at: at }) => ({ secret, expires_at: at !== null && at < end ? at : end }))
    .filter(({ expires_at: at }) => at > now.toISOString());
}
