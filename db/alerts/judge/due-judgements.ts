// Owns the table judgements_due from its reading side: whose turn it is, what is next, and what becomes of what could not be
// judged. It is written by whatever there is to judge.
import type { Knex } from 'knex';

/** Something the rules have not looked at yet. */
export interface DueJudgement {
  readonly no: number;
  readonly workspaceId: string;
  readonly syncId: string;
  readonly what: 'run_ended' | 'run_stuck' | 'slots_missed';
  /** Null: slots that never became runs. */
  readonly runId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  /** How often it could not be judged. */
  readonly attempts: number;
}

interface DueRow {
  no: number;
  workspace_id: string;
  sync_id: string;
  what: DueJudgement['what'];
  run_id: string | null;
  detail: Record<string, unknown>;
  attempts: number;
}

const turn = `hashtextextended('the judge of alerts', 0)`;

/** One judge at a time, so that each sync's runs are judged in their order. False: another one is at it. */
export async function tryJudgesTurn(trx: Knex.Transaction): Promise<boolean> {
  const { rows } = await trx.raw<{ rows: { is_ours: boolean }[] }>(
    `SELECT pg_try_advisory_xact_lock(${turn}) AS is_ours`,
  );
  return rows[0]?.is_ours ?? false;
}

/** As tryJudgesTurn, for who comes seldom: waits. */
export async function waitForJudgesTurn(trx: Knex.Transaction): Promise<void> {
  await trx.raw(`SELECT pg_advisory_xact_lock(${turn})`);
}

const isDue = `(not_before IS NULL OR not_before <= now())`;

/** Whether there is anything to judge; one look, with no lock. */
export async function isAnyDue(knex: Knex): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `SELECT 1 FROM judgements_due WHERE ${isDue} ORDER BY no LIMIT 1`,
  );
  return rows.length > 0;
}

// A sync that has more than one waiting has its next one in the next group: so many are looked through for others.
const lookedThrough = 8;

/** What is next. */
interface NextDue {
  readonly group: DueJudgement[];
  /** Whether more is due besides: of the same syncs, or of others. */
  readonly isMore: boolean;
}

/** The next `most`, at most one of each sync. Asked in the judge's turn, and not by the statement that takes it. */
export async function nextDue(trx: Knex.Transaction, most: number): Promise<NextDue> {
  const { rows } = await trx.raw<{ rows: (DueRow & { seen: number })[] }>(
    `SELECT no, workspace_id, sync_id, what, run_id, detail, attempts, seen FROM (
       SELECT *, row_number() OVER (PARTITION BY sync_id ORDER BY no) AS turn, count(*) OVER () AS seen FROM (
         SELECT * FROM judgements_due WHERE ${isDue} ORDER BY no LIMIT :looked) first) ordered
     WHERE turn = 1 ORDER BY no LIMIT :most`,
    { most, looked: most * lookedThrough },
  );
  const group = rows.map((row) => ({
    no: row.no,
    workspaceId: row.workspace_id,
    syncId: row.sync_id,
    what: row.what,
    runId: row.run_id,
    detail: row.detail,
    attempts: row.attempts,
  }));
  return { group, isMore: (rows[0]?.seen ?? 0) > rows.length };
}

/** They have been judged, in this transaction. */
export async function removeDue(trx: Knex.Transaction, due: readonly DueJudgement[]): Promise<void> {
  await trx.raw(`DELETE FROM judgements_due WHERE no = ANY (?)`, [due.map(({ no }) => no)]);
}

const longestWaitMinutes = 60;

/**
 * Sets one aside that could not be judged: a minute, then two, four, up to an hour, for as long as it takes until a
 * version that can is there. Returns how often it could not.
 */
export async function setAside(knex: Knex, { no }: DueJudgement): Promise<number> {
  const { rows } = await knex.raw<{ rows: { attempts: number }[] }>(
    `UPDATE judgements_due SET attempts = attempts + 1,
       not_before = now() + make_interval(mins => least(${longestWaitMinutes}, 2 ^ least(attempts, 10))::integer)
     WHERE no = ? RETURNING attempts`,
    [no],
  );
  return rows[0]?.attempts ?? 0;
}

/**
 * The INSERT of one judgement that is due, as a part of a statement that does more: one for each row of `from`, which gives
 * workspace_id, sync_id and run_id.
 */
export function judgementInsert(what: DueJudgement['what'], from: string): string {
  return `INSERT INTO judgements_due (workspace_id, sync_id, what, run_id)
    SELECT workspace_id, sync_id, '${what}', run_id FROM ${from}`;
}

/** Writes one judgement that is due, in the transaction of what there is to judge. */
export async function noteToJudge(
  trx: Knex.Transaction,
  due: Omit<DueJudgement, 'no' | 'attempts'>,
): Promise<void> {
  await trx.raw(
    `INSERT INTO judgements_due (workspace_id, sync_id, what, run_id, detail) VALUES (?, ?, ?, ?, ?)`,
    [due.workspaceId, due.syncId, due.what, due.runId, JSON.stringify(due.detail)],
  );
}
