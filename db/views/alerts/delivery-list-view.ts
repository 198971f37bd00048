// Owns reading deliveries for people, newest first: those of a channel or of an alert, each with its tries.
import type { Knex } from 'knex';
import type { AlertMessageType } from '../../../domain/alerts/message';
import { offsetOf, type Page, type PageRequest, type Stretch, stretchOf, type WalkPlace } from '../../page';

export const deliveryStates = ['pending', 'delivered', 'failed', 'withdrawn'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** A try; without a duration it is under way, or was broken off by a crash. */
export interface AttemptView {
  readonly attempt: number;
  readonly startedAt: Date;
  readonly durationMs: number | null;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly answer: string | null;
}

export interface DeliveryView {
  readonly id: string;
  readonly channelId: string;
  readonly channelName: string;
  readonly type: AlertMessageType;
  readonly state: DeliveryState;
  readonly createdAt: Date;
  /** Null: only who made it sends it (a test). */
  readonly dueAt: Date | null;
  /** When it is tried again; null: as soon as it is its turn, or never. */
  readonly nextAttemptAt: Date | null;
  readonly giveUpAt: Date;
  readonly endedAt: Date | null;
  readonly error: string | null;
  /** The alerts it tells of: the first of them by their ids, and how many there are. */
  readonly alertIds: readonly string[];
  readonly alerts: number;
  readonly runId: string | null;
  readonly attempts: number;
  /** The newest of them, oldest first. */
  readonly tries: readonly AttemptView[];
}

/** Whose deliveries: a channel's, or those that tell of an alert. */
export interface DeliveryList {
  readonly workspaceId: string;
  readonly of: { readonly channelId: string } | { readonly alertId: string };
  readonly states?: readonly DeliveryState[] | undefined;
}

/** A delivery's place: its number. */
export type DeliveryMark = number;

interface DeliveryRow {
  no: number;
  id: string;
  channel_id: string;
  channel_name: string;
  type: AlertMessageType;
  state: DeliveryState;
  created_at: Date;
  due_at: Date | null;
  next_attempt_at: Date | null;
  give_up_at: Date;
  ended_at: Date | null;
  error: string | null;
  alert_ids: string[];
  alerts: number;
  run_id: string | null;
  attempts: number;
  tries: AttemptRow[];
}

interface AttemptRow {
  attempt: number;
  started_at: string;
  duration_ms: number | null;
  http_status: number | null;
  error: string | null;
  answer: string | null;
}

// Each may hold 2 kB of an answer: a page of a hundred stays below a megabyte or so.
const triesInList = 5;
// A day of tries every ten minutes has 150, and every redelivery has as many again.
const triesAlone = 500;
// As many as a message names.
const mostAlertIds = 20;

/** One numbered page, and how many deliveries there are in all. */
export async function deliveriesOnPage(
  knex: Knex,
  list: DeliveryList,
  page: PageRequest,
): Promise<Page<DeliveryView>> {
  const [rows, counted] = await Promise.all([
    readDeliveries(
      knex,
      matching(knex, list).orderBy('d.no', 'desc').limit(page.perPage).offset(offsetOf(page)),
      'after',
    ),
    matching(knex, list).count<{ total: number }[]>({ total: '*' }),
  ]);
  return { rows: rows.map(mapRow), total: counted[0]?.total ?? 0 };
}

/** Up to `most` deliveries from a place on. */
export async function deliveriesFrom(
  knex: Knex,
  list: DeliveryList,
  { way, mark }: WalkPlace<DeliveryMark>,
  most: number,
): Promise<Stretch<DeliveryView, DeliveryMark>> {
  const going = matching(knex, list).orderBy('d.no', way === 'after' ? 'desc' : 'asc');
  if (mark !== null) void going.where('d.no', way === 'after' ? '<' : '>', mark);
  const found = await readDeliveries(knex, going.limit(most + 1), way);
  const { rows, ...stretch } = stretchOf(found, most, way, ({ no }) => no);
  return { ...stretch, rows: rows.map(mapRow) };
}

/** One delivery with all its tries, as many as matter. Null: there is no such delivery there. */
export async function findDelivery(
  knex: Knex,
  list: DeliveryList,
  deliveryId: string,
): Promise<DeliveryView | null> {
  const found = matching(knex, list).where('d.id', deliveryId);
  const [row] = await readDeliveries(knex, found, 'after', triesAlone);
  return row ? mapRow(row) : null;
}

function matching(knex: Knex, { workspaceId, of, states }: DeliveryList): Knex.QueryBuilder {
  const query = knex('alert_deliveries as d').where('d.workspace_id', workspaceId);
  if ('channelId' in of) void query.where('d.channel_id', of.channelId);
  else {
    void query.whereIn(
      'd.id',
      knex('alert_delivery_alerts')
        .where({ workspace_id: workspaceId, alert_id: of.alertId })
        .select('delivery_id'),
    );
  }
  if (states) void query.whereIn('d.state', [...states]);
  return query;
}

async function readDeliveries(
  knex: Knex,
  shown: Knex.QueryBuilder,
  way: WalkPlace<DeliveryMark>['way'],
  mostTries = triesInList,
): Promise<DeliveryRow[]> {
  return knex
    .from(shown.select('d.*').as('d'))
    .join('alert_channels as c', 'c.id', 'd.channel_id')
    .joinRaw(
      `CROSS JOIN LATERAL (
         SELECT count(*) AS alerts, coalesce((array_agg(alert_id ORDER BY alert_id))[1:${mostAlertIds}], '{}') AS alert_ids
         FROM alert_delivery_alerts WHERE delivery_id = d.id) told`,
    )
    .joinRaw(
      `CROSS JOIN LATERAL (
         SELECT coalesce(json_agg(json_build_object('attempt', attempt, 'started_at', started_at,
           'duration_ms', duration_ms, 'http_status', http_status, 'error', error, 'answer', answer)
           ORDER BY attempt), '[]') AS tries
         FROM (SELECT * FROM alert_attempts WHERE delivery_id = d.id ORDER BY attempt DESC LIMIT ?) newest) tried`,
      [mostTries],
    )
    .select<DeliveryRow[]>(
      'd.no',
      'd.id',
      'd.channel_id',
      'c.name as channel_name',
      'd.type',
      'd.state',
      'd.created_at',
      knex.raw(`nullif(d.due_at, 'infinity') AS due_at`),
      'd.next_attempt_at',
      'd.give_up_at',
      'd.ended_at',
      'd.error',
      'told.alert_ids',
      'told.alerts',
      'd.run_id',
      'd.attempts',
      'tried.tries',
    )
    .orderBy('d.no', way === 'after' ? 'desc' : 'asc');
}

function mapRow(row: DeliveryRow): DeliveryView {
  return {
    id: row.id,
    channelId: row.channel_id,
    channelName: row.channel_name,
    type: row.type,
    state: row.state,
    createdAt: row.created_at,
    dueAt: row.due_at,
    nextAttemptAt: row.next_attempt_at,
    giveUpAt: row.give_up_at,
    endedAt: row.ended_at,
    error: row.error,
    alertIds: row.alert_ids,
    alerts: row.alerts,
    runId: row.run_id,
    attempts: row.attempts,
    tries: row.tries.map((attempt) => ({
      attempt: attempt.attempt,
      startedAt: new Date(attempt.started_at),
      durationMs: attempt.duration_ms,
      httpStatus: attempt.http_status,
      error: attempt.error,
      answer: attempt.answer,
    })),
  };
}
