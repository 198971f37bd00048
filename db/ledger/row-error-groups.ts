// Owns groups of row errors: which one an error belongs to, and the groups of a run as they are stored when it closes.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { hasPlaceholders, messagePattern } from '../../domain/message-pattern';
import type { RowError, RowErrorOrigin } from '../../domain/row-error';

/** What the row errors of a group have in common. */
export interface GroupWords {
  readonly field: string | null;
  readonly code: string;
  readonly origin: RowErrorOrigin;
  /** The messages without the values of their rows; see domain/message-pattern. */
  readonly message: string;
}

/** A group of one run. */
export interface RowErrorGroup extends GroupWords {
  /** Of this group in this run. */
  readonly id: number;
  /** Of this group in every run. */
  readonly hash: number;
  readonly rows: number;
  /** Of the rows, those that were to be created, updated, deleted; the others were refused before. */
  readonly creates: number;
  readonly updates: number;
  readonly deletes: number;
  /** Whether it is cut into blocks (row-error-blocks). `none`: there is no need; `due`: not yet. */
  readonly blocks: 'none' | 'due' | 'there';
}

/** The largest groups of a run, and how many row errors belong to none of them. */
export interface RunGroups {
  readonly groups: readonly RowErrorGroup[];
  readonly rest: number;
}

/** So many groups of a run are told apart; nobody reads more, and each is looked at by every search. */
const mostGroups = 1_000;
// Fewer are looked at in some milliseconds: not worth blocks.
const manyRows = 10_000;

// Of messages that come again, all but a few of the first do within so many.
const mostKnown = 10_000;

/** Names a group, whichever the run. */
export function groupHash({ field, code, origin, message }: GroupWords): number {
  return hash53([field, code, origin, message]);
}

/** Names a group of one run: the index over all row errors then has each group in one piece. */
export function groupIdIn(runId: string, hash: number): number {
  return hash53([runId, hash]);
}

// A whole number in JavaScript, in JSON and in PostgreSQL. Two groups of one run share one once in 10^10 runs.
function hash53(parts: readonly unknown[]): number {
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest();
  return Number(digest.readBigUInt64BE() >> 11n);
}

/** Tells the groups of many row errors of one run; equal messages, and equal patterns, are looked at once. */
export class GroupTeller {
  private readonly ofMessages = new Map<string, number>();
  private readonly ofPatterns = new Map<string, number>();

  constructor(private readonly runId: string) {}

  groupIdOf({ field, code, origin, message }: Omit<RowError, 'rowId' | 'rawValue'>): number {
    const kind = JSON.stringify([field, code, origin]);
    return known(this.ofMessages, kind + message, () => {
      const pattern = messagePattern(message);
      return known(this.ofPatterns, kind + pattern, () =>
        groupIdIn(this.runId, groupHash({ field, code, origin, message: pattern })),
      );
    });
  }
}

function known(map: Map<string, number>, key: string, find: () => number): number {
  const found = map.get(key) ?? find();
  // Messages that are all different are not kept in memory for their own sake.
  if (map.size === mostKnown) map.clear();
  map.set(key, found);
  return found;
}

interface CountedRow {
  group_id: number;
  row_count: number;
  creates: number;
  updates: number;
  deletes: number;
  field: string | null;
  code: string;
  origin: RowErrorOrigin;
  beginning: string;
  total: number;
}

/** Counts the groups of a run from its row errors: about a third of a second for a million. */
export async function countGroups(knex: Knex, runId: string): Promise<RunGroups> {
  // Of each message more than its pattern is made of, so that the pattern comes out the same.
  const { rows } = await knex.raw<{ rows: CountedRow[] }>(
    `WITH counted AS MATERIALIZED (
       SELECT group_id, count(*) AS row_count, min(row_no) AS first_row_no,
         count(*) FILTER (WHERE operation = 'create') AS creates,
         count(*) FILTER (WHERE operation = 'update') AS updates,
         count(*) FILTER (WHERE operation = 'delete') AS deletes
       FROM row_errors WHERE run_id = :runId GROUP BY group_id)
     SELECT g.group_id, g.row_count, g.creates, g.updates, g.deletes, e.field, e.code, e.origin,
       left(e.message, 2001) AS beginning, (SELECT sum(row_count)::bigint FROM counted) AS total
     FROM (SELECT * FROM counted WHERE group_id IS NOT NULL ORDER BY row_count DESC, group_id LIMIT ${mostGroups}) g
     JOIN row_errors e ON e.run_id = :runId AND e.row_no = g.first_row_no
     ORDER BY g.row_count DESC, g.group_id`,
    { runId },
  );
  const groups = rows.map(toGroup);
  const total = rows[0]?.total ?? 0;
  return { groups, rest: total - groups.reduce((sum, { rows: some }) => sum + some, 0) };
}

function toGroup({ beginning, ...row }: CountedRow): RowErrorGroup {
  const words = { field: row.field, code: row.code, origin: row.origin, message: messagePattern(beginning) };
  return {
    ...words,
    id: row.group_id,
    hash: groupHash(words),
    rows: row.row_count,
    creates: row.creates,
    updates: row.updates,
    deletes: row.deletes,
    blocks: row.row_count >= manyRows && hasPlaceholders(words.message) ? 'due' : 'none',
  };
}

/** Stores the groups of a run whose row errors are final. */
export async function storeGroups(trx: Knex.Transaction, runId: string): Promise<void> {
  const { groups, rest } = await countGroups(trx, runId);
  if (groups.length === 0) return;
  const of = <Value>(value: (group: RowErrorGroup) => Value): Value[] => groups.map(value);
  await trx.raw(
    `INSERT INTO row_error_groups (run_id, workspace_id, sync_id, queue_no, group_id, group_hash, field, code, origin, message,
       row_count, creates, updates, deletes, blocks)
     SELECT r.id, r.workspace_id, r.sync_id, r.queue_no, g.*
     FROM runs r, (
       SELECT * FROM unnest(:ids::bigint[], :hashes::bigint[], :fields::text[], :codes::text[], :origins::text[],
         :messages::text[], :rows::bigint[], :creates::bigint[], :updates::bigint[], :deletes::bigint[], :blocks::text[])
       UNION ALL SELECT 0, 0, NULL, NULL, NULL, NULL, :rest::bigint, 0, 0, 0, 'none' WHERE :rest::bigint > 0) g
     WHERE r.id = :runId ON CONFLICT DO NOTHING`,
    {
      runId,
      rest,
      ids: of(({ id }) => id),
      hashes: of(({ hash }) => hash),
      fields: of(({ field }) => field),
      codes: of(({ code }) => code),
      origins: of(({ origin }) => origin),
      messages: of(({ message }) => message),
      rows: of(({ rows }) => rows),
      creates: of(({ creates }) => creates),
      updates: of(({ updates }) => updates),
      deletes: of(({ deletes }) => deletes),
      blocks: of(({ blocks }) => blocks),
    },
  );
}

interface StoredRow extends Omit<CountedRow, 'beginning' | 'total' | 'code' | 'origin'> {
  group_hash: number;
  code: string | null;
  origin: RowErrorOrigin | null;
  message: string | null;
  blocks: RowErrorGroup['blocks'];
}

/** The groups stored for a run, largest first; null when none were. */
export async function storedGroups(knex: Knex, runId: string): Promise<RunGroups | null> {
  const stored: StoredRow[] = await knex('row_error_groups')
    .where({ run_id: runId })
    .orderBy([{ column: 'row_count', order: 'desc' }, 'group_id']);
  if (stored.length === 0) return null;
  const groups: RowErrorGroup[] = [];
  let rest = 0;
  for (const { field, code, origin, message, ...row } of stored) {
    if (code === null || origin === null || message === null) rest += row.row_count;
    else
      groups.push({
        field,
        code,
        origin,
        message,
        id: row.group_id,
        hash: row.group_hash,
        rows: row.row_count,
        creates: row.creates,
        updates: row.updates,
        deletes: row.deletes,
        blocks: row.blocks,
      });
  }
  return { groups, rest };
}
