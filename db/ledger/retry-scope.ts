// Owns which rows of an ended run a retry is about, as its ledger and journal tell; the set of their keys is diff's.
import type { Knex } from 'knex';
import type { RetryScope } from '../../domain/run';
import { isSent, rowOutcome } from '../../domain/row-outcome';
import { journalLines, type StoredJournalBatch } from './journal-store';

/** A scope that is narrower than the whole model. */
export type RowScope = Exclude<RetryScope, 'all'>;

/** Rows of one ended run. */
export interface ScopeSource {
  readonly runId: string;
  readonly scope: RowScope;
  /** How many rows its counters say these are; for sizing. */
  readonly rows: number;
  /** Set when the run was itself about some rows only and ended before its plan told which: only those count. */
  readonly within: ScopeSource | null;
}

/**
 * Some rows: packed entries (24 bytes each) or the packed index of journal lines (36 bytes each, see diff/journal-batch).
 * `picked`: places of those that are in scope, null for all.
 */
export interface ScopePart {
  readonly kind: 'entries' | 'index';
  readonly bytes: Buffer;
  readonly picked: readonly number[] | null;
}

/** Where the rows of a retry's scope stand. Throws when there is no such run. */
export async function findScope(knex: Knex, runId: string, scope: RowScope): Promise<ScopeSource> {
  const { rows } = await knex.raw<{ rows: SourceRow[] }>(
    `SELECT r.retry_of, r.retry_scope, r.rows_failed, r.rows_not_attempted + r.rows_unknown AS rows_open,
       EXISTS (SELECT 1 FROM change_plans p WHERE p.run_id = r.id) AS planned
     FROM runs r WHERE r.id = ?`,
    [runId],
  );
  const run = rows[0];
  if (!run) throw new Error(`run ${runId} does not exist`);
  const { retry_of: of, retry_scope: narrower } = run;
  const isNarrow = scope === 'not_attempted' && !run.planned && narrower !== null && narrower !== 'all';
  return {
    runId,
    scope,
    rows: scope === 'failed' ? run.rows_failed : run.rows_open,
    within: isNarrow && of ? await findScope(knex, of, narrower) : null,
  };
}

interface SourceRow {
  retry_of: string | null;
  retry_scope: RetryScope | null;
  rows_failed: number;
  rows_open: number;
  planned: boolean;
}

/** Streams the rows of a scope, page by page; a row may come twice. `within` is not applied. */
export async function* scopeParts(
  knex: Knex,
  { runId, scope }: Pick<ScopeSource, 'runId' | 'scope'>,
): AsyncGenerator<ScopePart> {
  if (scope === 'failed') {
    yield* refusedByDestination(knex, runId);
    yield* refusedByPlan(knex, runId);
    return;
  }
  const { rows: planned } = await knex.raw<{ rows: unknown[] }>(
    `SELECT 1 FROM change_plans WHERE run_id = ?`,
    [runId],
  );
  yield* planned.length > 0 ? openRows(knex, runId) : everyJournalLine(knex, runId);
}

// A page of 64 batches holds at most 64 x 10,000 entries, 15 MB; usual ones are a tenth of that or less.
const page = 64;

/** Rows the destination refused: outcomes and entries of answered batches say which. */
async function* refusedByDestination(knex: Knex, runId: string): AsyncGenerator<ScopePart> {
  for (let after = 0; ;) {
    const { rows } = await knex.raw<{ rows: { batch_no: number; entries: Buffer; outcomes: Buffer }[] }>(
      `SELECT batch_no, entries, outcomes FROM batches
       WHERE run_id = ? AND state = 'acked' AND failed > 0 AND batch_no > ? ORDER BY batch_no LIMIT ${page}`,
      [runId, after],
    );
    for (const { entries, outcomes } of rows) {
      yield { kind: 'entries', bytes: entries, picked: placesOf(outcomes, isRefused) };
    }
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = last.batch_no;
  }
}

function isRefused(outcome: number): boolean {
  return outcome === rowOutcome.failed || outcome === rowOutcome.failedUnsure;
}

/** Lines the plan refused before the destination: their row errors name them, and belong to no operation. */
async function* refusedByPlan(knex: Knex, runId: string): AsyncGenerator<ScopePart> {
  for (let after = -1; ;) {
    const { rows } = await knex.raw<{ rows: { first_line: number; row_index: Buffer; places: number[] }[] }>(
      `SELECT j.first_line, j.row_index, e.places
       FROM journal_batches j CROSS JOIN LATERAL (
         SELECT array_agg((row_no - j.first_line)::integer) AS places FROM row_errors
         WHERE run_id = j.run_id AND row_no >= j.first_line AND row_no < j.first_line + j.lines
           AND operation = 'none') e
       WHERE j.run_id = ? AND j.first_line > ? AND e.places IS NOT NULL ORDER BY j.first_line LIMIT ${page}`,
      [runId, after],
    );
    for (const row of rows) yield { kind: 'index', bytes: row.row_index, picked: row.places };
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = last.first_line;
  }
}

interface OpenRow {
  batch_no: number;
  line_from: number | null;
  line_to: number | null;
  operations: Buffer;
  entries: Buffer | null;
}

/** Rows of batches without an answer: what was sent, or is a delete, has its entries; the others are journal lines. */
async function* openRows(knex: Knex, runId: string): AsyncGenerator<ScopePart> {
  const { rows: published } = await knex.raw<{ rows: { attempt: number }[] }>(
    `SELECT attempt FROM journals WHERE run_id = ? AND published_at IS NOT NULL`,
    [runId],
  );
  const attempt = published[0]?.attempt ?? 0;
  // Small batches share a stretch of the journal: read for each of them it would be read many times over.
  let stretches: StoredJournalBatch[] = [];
  for (let after = 0; ;) {
    const { rows } = await knex.raw<{ rows: OpenRow[] }>(
      `SELECT batch_no, line_from, line_to, operations, entries FROM batches
       WHERE run_id = ? AND state <> 'acked' AND batch_no > ? ORDER BY batch_no LIMIT ${page}`,
      [runId, after],
    );
    for (const row of rows) {
      if (row.entries) yield { kind: 'entries', bytes: row.entries, picked: null };
      else if (row.line_from !== null && row.line_to !== null) {
        const { line_from: from, line_to: to, operations } = row;
        if (!cover(stretches, from, to)) stretches = await journalLines(knex, runId, attempt, from, to);
        yield* linesOf(stretches, from, to, operations);
      }
    }
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = last.batch_no;
  }
}

function cover(stretches: readonly StoredJournalBatch[], from: number, to: number): boolean {
  const [first, last] = [stretches[0], stretches.at(-1)];
  return !!first && !!last && first.firstLine <= from && to <= last.firstLine + last.lines;
}

/** Sent lines of [from, to) in the stretches that cover it. */
function* linesOf(
  stretches: readonly StoredJournalBatch[],
  from: number,
  to: number,
  operations: Buffer,
): Generator<ScopePart> {
  for (const { firstLine, lines, index } of stretches) {
    if (firstLine >= to || firstLine + lines <= from) continue;
    const start = Math.max(from, firstLine);
    const covered = operations.subarray(start - from, Math.min(to, firstLine + lines) - from);
    const picked = placesOf(covered, isSent).map((place) => place + start - firstLine);
    yield { kind: 'index', bytes: index, picked };
  }
}

async function* everyJournalLine(knex: Knex, runId: string): AsyncGenerator<ScopePart> {
  for (let after = -1; ;) {
    const { rows } = await knex.raw<{ rows: { first_line: number; row_index: Buffer }[] }>(
      `SELECT first_line, row_index FROM journal_batches
       WHERE run_id = ? AND first_line > ? ORDER BY first_line LIMIT ${page}`,
      [runId, after],
    );
    for (const row of rows) yield { kind: 'index', bytes: row.row_index, picked: null };
    const last = rows.at(-1);
    if (!last || rows.length < page) return;
    after = last.first_line;
  }
}

function placesOf(codes: Uint8Array, holds: (code: number) => boolean): number[] {
  const places: number[] = [];
  for (let place = 0; place < codes.length; place += 1) if (holds(codes[place] ?? 0)) places.push(place);
  return places;
}
