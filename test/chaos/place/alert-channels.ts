// Owns what the scenarios of alerts share: a channel of each kind that leads to an inbox, and a worker or a database that is
// killed and started again. Judges nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import type { Inbox } from '../../../demo/inbox/create-inbox';
import { aChannelTo, type MadeChannel } from '../../factories/a-channel';
import type { ChaosPlace } from './chaos-place';

export type Victim = 'worker' | 'PostgreSQL';

/** Over a connection of its own: nothing is left broken by a kill. */
export async function asOurs<Made>(place: ChaosPlace, make: (knex: Knex) => Promise<Made>): Promise<Made> {
  const knex = connect(place.databaseUrl, { poolSize: 1 });
  try {
    return await make(knex);
  } finally {
    await knex.destroy();
  }
}

export async function channelsAt(place: ChaosPlace, knex: Knex, inbox: Inbox): Promise<MadeChannel[]> {
  const [workspace] = await place.ask<{ id: string }>(
    'SELECT id FROM workspaces ORDER BY created_at LIMIT 1',
  );
  // Those of an inbox that is closed by now.
  await place.ask(
    'UPDATE alert_channels SET deleted_at = now(), secrets_sealed = NULL WHERE deleted_at IS NULL',
  );
  const { secretKey } = place;
  const workspaceId = workspace?.id ?? '';
  return [
    await aChannelTo(knex, { workspaceId, secretKey, kind: 'slack', url: inbox.slackUrl, name: '#ops' }),
    await aChannelTo(knex, { workspaceId, secretKey, kind: 'webhook', url: inbox.webhookUrl, name: 'pager' }),
  ];
}

/** Killed, and back after so long. */
export async function kill(place: ChaosPlace, victim: Victim, downMs: number): Promise<void> {
  if (victim === 'worker') {
    await place.programs.killWorker();
    await sleep(downMs);
    await place.programs.startWorker();
    return;
  }
  await place.killPostgres();
  await sleep(downMs);
  await place.startPostgres();
}
