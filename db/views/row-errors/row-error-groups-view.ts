// Owns reading the groups of a run's row errors: the largest first, with samples, and where else each was seen.
import type { Knex } from 'knex';
import { offsetOf, type PageRequest } from '../../page';
import { countGroups, type RowErrorGroup } from '../../ledger/row-error-groups';
import { type ErrorRun, reliableGroups } from './error-run';
import { shownRowId } from './shown-row-id';

/** A run of the sync in which a group occurred. */
export interface GroupSighting {
  readonly runId: string;
  readonly startedAt: Date | null;
}

export interface RowErrorGroupView extends RowErrorGroup {
  /** Its first rows that have a key, five at most. */
  readonly sampleRowIds: readonly string[];
  /** The message of its first row; its beginning if it is long. */
  readonly sampleMessage: string;
  readonly firstSeen: GroupSighting;
  readonly lastSeen: GroupSighting;
  /** Whether no earlier run of the sync that is kept has it. */
  readonly isNew: boolean;
}

export interface RowErrorGroupPage {
  readonly rows: readonly RowErrorGroupView[];
  /** Groups in all. */
  readonly total: number;
  /** Row errors in all, and those of no group. */
  readonly totalErrors: number;
  readonly restErrors: number;
}

/** A page of the groups; those of a run that goes on are counted anew each time. */
export async function rowErrorGroups(
  knex: Knex,
  run: ErrorRun,
  page: PageRequest,
): Promise<RowErrorGroupPage> {
  const { groups, rest } = (await reliableGroups(knex, run)) ?? (await countGroups(knex, run.id));
  const shown = groups.slice(offsetOf(page), offsetOf(page) + page.perPage);
  const [samples, sightings] = await Promise.all([
    samplesOf(
      knex,
      shown.map(({ id }) => id),
    ),
    sightingsOf(
      knex,
      run.syncId,
      shown.map(({ hash }) => hash),
    ),
  ]);
  return {
    rows: shown.map((group) => viewOf(run, group, samples.get(group.id), sightings.get(group.hash))),
    total: groups.length,
    totalErrors: groups.reduce((sum, { rows }) => sum + rows, rest),
    restErrors: rest,
  };
}

interface Samples {
  group_id: number;
  row_ids: string[];
  message: string;
}

async function samplesOf(knex: Knex, groupIds: readonly number[]): Promise<Map<number, Samples>> {
  const { rows } = await knex.raw<{ rows: Samples[] }>(
    `SELECT g.id AS group_id, array_agg(e.row_id ORDER BY e.row_no) FILTER (WHERE e.row_id IS NOT NULL) AS row_ids,
       left((array_agg(e.message ORDER BY e.row_no))[1], 1000) AS message
     FROM unnest(?::bigint[]) AS g (id) CROSS JOIN LATERAL (
       SELECT row_no, ${shownRowId} AS row_id, message FROM row_errors WHERE group_id = g.id ORDER BY row_no LIMIT 5) e
     GROUP BY g.id`,
    [[...groupIds]],
  );
  return new Map(rows.map((row) => [row.group_id, row]));
}

interface Sightings {
  group_hash: number;
  first_run: string;
  first_no: number;
  first_at: Date | null;
  last_run: string;
  last_no: number;
  last_at: Date | null;
}

/** The first and the last ended run of the sync with each group. */
async function sightingsOf(
  knex: Knex,
  syncId: string,
  hashes: readonly number[],
): Promise<Map<number, Sightings>> {
  const edge = (order: string) =>
    `SELECT run_id, queue_no FROM row_error_groups
     WHERE sync_id = :syncId AND group_hash = g.hash ORDER BY queue_no ${order} LIMIT 1`;
  const { rows } = await knex.raw<{ rows: Sightings[] }>(
    `SELECT g.hash AS group_hash, f.run_id AS first_run, f.queue_no AS first_no, fr.started_at AS first_at,
       l.run_id AS last_run, l.queue_no AS last_no, lr.started_at AS last_at
     FROM unnest(:hashes::bigint[]) AS g (hash)
     CROSS JOIN LATERAL (${edge('ASC')}) f CROSS JOIN LATERAL (${edge('DESC')}) l
     JOIN runs fr ON fr.id = f.run_id JOIN runs lr ON lr.id = l.run_id`,
    { syncId, hashes: [...hashes] },
  );
  return new Map(rows.map((row) => [row.group_hash, row]));
}

function viewOf(
  run: ErrorRun,
  group: RowErrorGroup,
  samples: Samples | undefined,
  seen: Sightings | undefined,
): RowErrorGroupView {
  const here = { runId: run.id, startedAt: run.startedAt };
  // The groups of a run that goes on are not stored yet.
  const isFirst = !seen || seen.first_no >= run.queueNo;
  const isLast = !seen || seen.last_no <= run.queueNo;
  return {
    ...group,
    sampleRowIds: samples?.row_ids ?? [],
    sampleMessage: samples?.message ?? group.message,
    firstSeen: isFirst ? here : { runId: seen.first_run, startedAt: seen.first_at },
    lastSeen: isLast ? here : { runId: seen.last_run, startedAt: seen.last_at },
    isNew: isFirst,
  };
}
