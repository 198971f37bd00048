// Owns the fast way of a batch: a few set statements that must explain every row, or nothing. Handles no bad rows.
import type { Client, QueryResult } from 'pg';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import type { OutgoingBatch } from '../../destination';
import { deleteStage, type MergeStatements, type StagedRows, writeStage } from './merge-statements';
import { allRows, stageRows } from './stage-rows';

/**
 * Stages and merges the batch. One outcome per row, or null when some row came back neither as written nor as having
 * nothing to do (a trigger swallowed it, or the table compares keys more loosely): then row by row must decide.
 */
export async function mergeBatch(
  client: Client,
  statements: MergeStatements,
  batch: OutgoingBatch,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const merge = new Merge(client, statements, batch, signal);
  await stageRows(
    client,
    batch.kind === 'write' ? writeStage : deleteStage,
    batch,
    allRows(batch),
    (row) => `${row}\t`,
  );
  return batch.kind === 'delete' ? merge.remove() : merge.write();
}

interface Indexes {
  readonly rows: number[];
}

class Merge {
  private readonly outcomes: Uint8Array;

  constructor(
    private readonly client: Client,
    private readonly statements: MergeStatements,
    private readonly batch: OutgoingBatch,
    private readonly signal: AbortSignal,
  ) {
    this.outcomes = new Uint8Array(batch.operations.length);
  }

  async write(): Promise<Uint8Array | null> {
    const { mode } = this.statements.target;
    if (mode === 'update') return this.writeKnown();
    if (mode === 'insert') return this.writeNew();
    await this.update((row) => this.batch.operations[row] === rowOperation.update);
    if (!(await this.insert())) return null;
    // Planned creates whose key the table holds already.
    await this.update(() => true);
    return this.explained();
  }

  async remove(): Promise<Uint8Array | null> {
    await this.lookUp(this.statements.remove(), rowOutcome.deleted);
    return this.skipUnless('delete');
  }

  private async writeKnown(): Promise<Uint8Array | null> {
    await this.update(() => true);
    return this.skipUnless('write');
  }

  private async writeNew(): Promise<Uint8Array | null> {
    if (!(await this.insert())) return null;
    const open = this.open(() => true);
    if (open !== null) await this.lookUp(this.statements.existing('write', open), rowOutcome.skipped);
    return this.explained();
  }

  /** Rows without an outcome have nothing to do, unless the table does hold their key. */
  private async skipUnless(kind: 'write' | 'delete'): Promise<Uint8Array | null> {
    const open = this.open(() => true);
    if (open === null) return this.outcomes;
    const held = await this.ask<Indexes>(nestedLoops(this.statements.existing(kind, open)));
    if ((held?.rows.length ?? 0) > 0) return null;
    return this.outcomes.map((outcome) => (outcome === rowOutcome.unknown ? rowOutcome.skipped : outcome));
  }

  private async update(wanted: (row: number) => boolean): Promise<void> {
    const rows = this.open(wanted);
    if (rows !== null) await this.lookUp(this.statements.update(rows), rowOutcome.updated);
  }

  /** False when the inserted rows cannot be told apart, e.g. because a trigger rewrote their keys. */
  private async insert(): Promise<boolean> {
    const rows = this.open(() => true);
    if (rows === null) return true;
    const wanted = rows === 'all' ? this.outcomes.length : rows.length;
    const answer = await this.ask<{ count: number; rows: number[] | null }>(
      this.statements.insert(rows, wanted),
    );
    const inserted = answer?.rows ?? (rows === 'all' ? allRows(this.batch) : rows);
    if (inserted.length !== answer?.count) return false;
    this.mark(inserted, rowOutcome.created);
    return true;
  }

  /** Rows still without an outcome; null when there are none. */
  private open(wanted: (row: number) => boolean): StagedRows | null {
    const rows = allRows(this.batch).filter(
      (row) => this.outcomes[row] === rowOutcome.unknown && wanted(row),
    );
    if (rows.length === 0) return null;
    return rows.length === this.outcomes.length ? 'all' : rows;
  }

  private async lookUp(sql: string, outcome: number): Promise<void> {
    this.mark((await this.ask<Indexes>(nestedLoops(sql)))?.rows ?? [], outcome);
  }

  private mark(rows: readonly number[], outcome: number): void {
    for (const row of rows) this.outcomes[row] = outcome;
  }

  private explained(): Uint8Array | null {
    return this.outcomes.includes(rowOutcome.unknown) ? null : this.outcomes;
  }

  /** The first row of the one statement that answers rows. */
  private async ask<Row extends object>(sql: string): Promise<Row | undefined> {
    this.signal.throwIfAborted();
    const answer = (await this.client.query(sql)) as QueryResult<Row> | QueryResult<Row>[];
    return [answer].flat().find(({ rows }) => rows.length > 0)?.rows[0];
  }
}

/**
 * A batch is small beside the table: its rows are looked up through the key's index. Left to itself the planner reads
 * tables of up to some millions of rows whole, for every batch.
 */
function nestedLoops(sql: string): string {
  return `SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; ${sql};
    SET LOCAL enable_hashjoin TO DEFAULT; SET LOCAL enable_mergejoin TO DEFAULT`;
}
