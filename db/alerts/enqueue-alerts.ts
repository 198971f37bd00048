// Owns how news of alerts becomes messages for channels: what has one cause is told together. Does not say who is told what.
import type { Knex } from 'knex';
import type { ToldAlert } from '../../domain/alerts/alert';
import { gatherSeconds, giveUpHours } from '../../domain/alerts/message';
import { newId } from '../new-id';

/** An alert to be told of on one channel. */
export interface AlertNews {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly type: 'alert.raised' | 'alert.repeated' | 'alert.resolved';
  readonly cause: string;
  readonly alert: ToldAlert;
}

/** All there can be one gathering message of. */
interface Topic {
  readonly workspaceId: string;
  readonly channelId: string;
  readonly type: AlertNews['type'];
  readonly cause: string;
}

/**
 * Has each alert told on its channel: the first of a cause at once, those of the next two minutes in one message. The
 * caller has the workspaces' turn (alerts-turn).
 */
export async function enqueueAlerts(trx: Knex.Transaction, news: readonly AlertNews[]): Promise<void> {
  if (news.length === 0) return;
  const topics = new Map<string, Topic>();
  for (const { workspaceId, channelId, type, cause } of news)
    topics.set(keyOf({ channelId, type, cause }), { workspaceId, channelId, type, cause });
  const deliveries = await gathering(trx, [...topics.values()]);
  const others = [...topics].flatMap(([key, topic]) => (deliveries.has(key) ? [] : [topic]));
  for (const [key, id] of await begin(trx, others)) deliveries.set(key, id);
  const told = news.map((each) => ({
    delivery_id: deliveries.get(keyOf(each)),
    alert_id: each.alert.id,
    workspace_id: each.workspaceId,
    told: each.alert,
  }));
  await trx.raw(
    `INSERT INTO alert_delivery_alerts (delivery_id, alert_id, workspace_id, told)
     SELECT delivery_id, alert_id, workspace_id, told
     FROM jsonb_to_recordset(?::jsonb) AS t (delivery_id text, alert_id text, workspace_id text, told jsonb)
     ON CONFLICT (delivery_id, alert_id) DO UPDATE SET told = excluded.told`,
    [JSON.stringify(told)],
  );
}

function keyOf({ channelId, type, cause }: Pick<Topic, 'channelId' | 'type' | 'cause'>): string {
  return `${channelId} ${type} ${cause}`;
}

interface DeliveryRow {
  id: string;
  channel_id: string;
  type: AlertNews['type'];
  cause: string;
}

function byKey(rows: readonly DeliveryRow[]): Map<string, string> {
  return new Map(rows.map(({ id, channel_id: channelId, ...rest }) => [keyOf({ channelId, ...rest }), id]));
}

const asTopics = `jsonb_to_recordset(:topics::jsonb) AS t (id text, workspace_id text, channel_id text, type text, cause text)`;

/** Messages that further alerts may join; locked, so that none is sent before they have. */
async function gathering(trx: Knex.Transaction, topics: readonly Topic[]): Promise<Map<string, string>> {
  const { rows } = await trx.raw<{ rows: DeliveryRow[] }>(
    // Topic by topic: all that gathers anywhere would be read else.
    `SELECT d.* FROM ${asTopics} CROSS JOIN LATERAL (
       SELECT id, channel_id, type, cause FROM alert_deliveries
       WHERE channel_id = t.channel_id AND type = t.type AND cause = t.cause AND gathers LIMIT 1 FOR UPDATE) d`,
    { topics: topicRows(topics) },
  );
  return byKey(rows);
}

/** Makes messages: due at once, or gathering when the last of its topic is not long ago. */
async function begin(trx: Knex.Transaction, topics: readonly Topic[]): Promise<Map<string, string>> {
  if (topics.length === 0) return new Map();
  // A message that was emptied before it was sent has told nobody anything.
  const { rows } = await trx.raw<{ rows: DeliveryRow[] }>(
    `INSERT INTO alert_deliveries (id, workspace_id, channel_id, type, cause, gathers, due_at, give_up_at)
     SELECT t.id, t.workspace_id, t.channel_id, t.type, t.cause, due.at > now(), due.at, due.at + make_interval(hours => ${giveUpHours})
     FROM ${asTopics} CROSS JOIN LATERAL (
       SELECT greatest(now(), max(last.due_at) + make_interval(secs => ${gatherSeconds})) AS at FROM (
         SELECT due_at FROM alert_deliveries
         WHERE channel_id = t.channel_id AND type = t.type AND cause = t.cause AND state <> 'withdrawn'
         ORDER BY due_at DESC LIMIT 1) last) due
     RETURNING id, channel_id, type, cause`,
    { topics: topicRows(topics) },
  );
  return byKey(rows);
}

function topicRows(topics: readonly Topic[]): string {
  return JSON.stringify(
    topics.map(({ workspaceId, channelId, type, cause }) => ({
      id: newId('delivery'),
      workspace_id: workspaceId,
      channel_id: channelId,
      type,
      cause,
    })),
  );
}
