// Owns blocks of row errors: some rows of a group, one after the other, and which four characters in a row (grams) stand in
// their messages. A text that is searched for is then looked for in few of a million messages.
import type { Knex } from 'knex';
import { addGrams, gramBytes, gramsOf } from '../../domain/text-grams';

// A quarter of a millisecond to look at, and few enough to leave most grams unset.
const blockRows = 256;
// Of each message; a block with a longer one is looked at by every search.
const longestMessage = 4_000;
const pageRows = 16 * blockRows;

/** Cuts one group that is due into blocks, whole or not at all; false when none is, or others are at all of them. */
export async function cutNextGroup(knex: Knex): Promise<boolean> {
  return knex.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: DueGroup[] }>(
      `SELECT run_id, group_id, workspace_id FROM row_error_groups WHERE blocks = 'due'
       ORDER BY group_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    const [group] = rows;
    if (!group) return false;
    for (let after: number | null = -1; after !== null;) after = await cutPage(trx, group, after);
    await trx.raw(`UPDATE row_error_groups SET blocks = 'there' WHERE run_id = ? AND group_id = ?`, [
      group.run_id,
      group.group_id,
    ]);
    return true;
  });
}

interface DueGroup {
  run_id: string;
  group_id: number;
  workspace_id: string;
}

interface MessageRow {
  row_no: number;
  /** Cut, unless it is short enough. */
  message: string;
}

/** Cuts the next rows of the group; returns the last one's number, null when there are no more. */
async function cutPage(trx: Knex.Transaction, group: DueGroup, after: number): Promise<number | null> {
  // The group alone is named, which is of this run: asked for the run too, the planner may read all of it for each page.
  const { rows } = await trx.raw<{ rows: MessageRow[] }>(
    `SELECT row_no, left(message, ${longestMessage + 1}) AS message FROM row_errors
     WHERE group_id = ? AND row_no > ? ORDER BY row_no LIMIT ${pageRows}`,
    [group.group_id, after],
  );
  const blocks = [];
  for (let from = 0; from < rows.length; from += blockRows) blocks.push(rows.slice(from, from + blockRows));
  await trx.raw(
    `INSERT INTO row_error_blocks (run_id, group_id, workspace_id, first_row_no, last_row_no, grams)
     SELECT :runId, :groupId, :workspaceId, b.* FROM unnest(:firsts::bigint[], :lasts::bigint[], :grams::bytea[]) b`,
    {
      runId: group.run_id,
      groupId: group.group_id,
      workspaceId: group.workspace_id,
      firsts: blocks.map((block) => block[0]?.row_no ?? 0),
      lasts: blocks.map((block) => block.at(-1)?.row_no ?? 0),
      grams: blocks.map(gramsOfBlock),
    },
  );
  return rows.length === pageRows ? (rows.at(-1)?.row_no ?? null) : null;
}

function gramsOfBlock(block: readonly MessageRow[]): Buffer {
  const grams = Buffer.alloc(gramBytes);
  for (const { message } of block) {
    // What is cut off could hold anything.
    if (message.length > longestMessage) return grams.fill(0xff);
    addGrams(grams, message);
  }
  return grams;
}

/** Rows of groups, from the first to the last: three lists side by side. */
export interface Stretches {
  readonly groupIds: readonly number[];
  readonly firsts: readonly number[];
  readonly lasts: readonly number[];
}

// More tell no more: where so many stand, all of a text nearly always do.
const mostGrams = 24;
// Past a quarter of all blocks, to look at every message in one go is no slower.
const worthwhile = 4;

/**
 * The blocks of groups, of so many `rows`, whose messages the text may stand in. Null where it is too short to tell,
 * or stands in so many that it is as well looked for in all.
 */
export async function blocksWith(
  knex: Knex,
  runId: string,
  groupIds: readonly number[],
  rows: number,
  text: string,
): Promise<Stretches | null> {
  const grams = gramsOf(text, mostGrams);
  if (grams.length === 0) return null;
  const isSet = grams.map((bit) => `get_bit(grams, ${bit}) = 1`).join(' AND ');
  const most = Math.ceil(rows / blockRows / worthwhile);
  const { rows: found } = await knex.raw<{ rows: BlockRow[] }>(
    `SELECT group_id, first_row_no, last_row_no FROM row_error_blocks
     WHERE run_id = ? AND group_id = ANY (?) AND ${isSet} LIMIT ?`,
    [runId, [...groupIds], most + 1],
  );
  if (found.length > most) return null;
  return {
    groupIds: found.map(({ group_id }) => group_id),
    firsts: found.map(({ first_row_no }) => first_row_no),
    lasts: found.map(({ last_row_no }) => last_row_no),
  };
}

interface BlockRow {
  group_id: number;
  first_row_no: number;
  last_row_no: number;
}
