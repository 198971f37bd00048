// Owns one connection that writes batches inside transactions: every batch is answered row by row or throws whole.
import type { Client } from 'pg';
import { CallWithheld } from '../../call-withheld';
import type { ConnectorFailure } from '../../connector-failure';
import type { BatchAnswer, Lane, OutgoingBatch } from '../../destination';
import { closeClient, underSignal } from '../../postgres-client';
import { sqlState } from '../../postgres-error';
import { copyCreates, isAllNew, takesCopy } from './copy-creates';
import { mergeBatch } from './merge-batch';
import { deleteStage, type MergeStatements, writeStage } from './merge-statements';
import { refuseRows, type RowAnswers } from './refuse-rows';
import {
  commitRefusal,
  destinationFailure,
  isConflict,
  isRowTrouble,
  isTakenState,
  misconfigured,
  rolledBack,
} from './translate-error';

/** Two minutes: a batch takes a tenth of a second; a table locked by a migration gets its time. */
export const writeDeadlineMs = 120_000;

/** The cancel of a statement, and the cut where it does not end by that, fit under the deadline. */
const cancelAfterMs = writeDeadlineMs - 5_000;

/** Below the deadline, so that the server ends a statement even when our cancel does not reach it. */
const statementTimeoutMs = 100_000;

/** A lock held longer than this is an outage to be waited out, with nothing of ours held meanwhile. */
const lockTimeoutMs = 30_000;

/** Deadlocks among writers dissolve at the next try; one that comes back twice is a pattern. */
const triesOverConflicts = 3;

/** A rollback takes a round trip; after a statement that was cancelled it is a part of the time a cancel may take. */
const rollbackLimitMs = 500;

const never = new AbortController().signal;

/** A lane over an open client. After a thrown `write` only `rollback` and `close` are of use. */
export class PostgresLane implements Lane {
  private readonly staged = new Set<OutgoingBatch['kind']>();
  /** Whether batches of new rows are still tried by COPY; their first conflict ends it. */
  private copies: boolean;

  constructor(
    private readonly client: Client,
    private readonly statements: MergeStatements,
    private readonly onClose: () => void,
  ) {
    this.copies = takesCopy(statements);
  }

  async begin(signal: AbortSignal): Promise<string> {
    return this.translated(signal, async () => {
      this.staged.clear();
      await beginTransaction(this.client);
      // Asking assigns the id, so the fate of every commit can be asked for later.
      const answer = await this.client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
      const [row] = answer.rows;
      if (!row) throw misconfigured('the server gave no transaction id');
      return row.id;
    });
  }

  async write(batch: OutgoingBatch, signal: AbortSignal): Promise<BatchAnswer> {
    const startedMs = performance.now();
    const answers = await this.translated(signal, (inner) => this.writeAround(batch, inner));
    return { ...answers, callMs: [performance.now() - startedMs] };
  }

  async commit(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new CallWithheld(signal.reason);
    // Returned, not thrown: of a COMMIT that was cancelled the server's answer counts, and not the abort.
    const refusal = await this.translated(signal, () => this.commitOrRefusal());
    if (refusal) throw refusal;
  }

  private async commitOrRefusal(): Promise<ConnectorFailure | null> {
    try {
      const answer = await this.client.query('COMMIT');
      // In a transaction that has failed, COMMIT succeeds and says ROLLBACK.
      return answer.command === 'COMMIT' ? null : rolledBack();
    } catch (error) {
      const refusal = commitRefusal(error);
      if (refusal) return refusal;
      throw error;
    }
  }

  async rollback(): Promise<void> {
    // A connection that cannot carry a ROLLBACK is at its end, and the server rolls back what it held.
    await underSignal(this.client, never, rollbackLimitMs, () => this.client.query('ROLLBACK')).catch(() =>
      closeClient(this.client),
    );
  }

  async close(): Promise<void> {
    this.onClose();
    await closeClient(this.client);
  }

  /** One batch within a savepoint: new rows straight in, else the set way, again over conflicts, else row by row. */
  private async writeAround(batch: OutgoingBatch, signal: AbortSignal): Promise<RowAnswers> {
    const copied = this.copies && isAllNew(batch) ? await this.copyStraight(batch, signal) : null;
    if (copied !== null) return { outcomes: copied, refusals: [] };
    for (let attempt = 1; ; attempt += 1) {
      await this.emptyStage(batch.kind);
      await this.client.query('SAVEPOINT signalsmith_batch');
      try {
        const outcomes = await mergeBatch(this.client, this.statements, batch, signal);
        if (outcomes !== null) {
          await this.client.query('RELEASE SAVEPOINT signalsmith_batch');
          return { outcomes, refusals: [] };
        }
      } catch (error) {
        signal.throwIfAborted();
        if (isConflict(error) && attempt < triesOverConflicts) {
          await this.client.query('ROLLBACK TO SAVEPOINT signalsmith_batch');
          continue;
        }
        if (!isRowTrouble(error, this.statements.table.rowSecurity)) throw error;
      }
      signal.throwIfAborted();
      await this.client.query('ROLLBACK TO SAVEPOINT signalsmith_batch');
      const answers = await refuseRows(this.client, this.statements, batch, signal);
      await this.client.query('RELEASE SAVEPOINT signalsmith_batch');
      return answers;
    }
  }

  /** Null when it could not be done, and nothing is. */
  private async copyStraight(batch: OutgoingBatch, signal: AbortSignal): Promise<Uint8Array | null> {
    await this.client.query('SAVEPOINT signalsmith_batch');
    try {
      const outcomes = await copyCreates(this.client, this.statements, batch);
      if (outcomes !== null) {
        await this.client.query('RELEASE SAVEPOINT signalsmith_batch');
        return outcomes;
      }
      this.copies = false;
    } catch (error) {
      if (!isConflict(error) && !isRowTrouble(error, false)) throw error;
      // The table holds rows the plan takes for new, and the next batches will meet more of them.
      if (isTakenState(sqlState(error))) this.copies = false;
    }
    signal.throwIfAborted();
    await this.client.query('ROLLBACK TO SAVEPOINT signalsmith_batch');
    return null;
  }

  /** Made once a transaction and outside the savepoint: there TRUNCATE empties in place instead of making new files. */
  private async emptyStage(kind: OutgoingBatch['kind']): Promise<void> {
    if (this.staged.has(kind)) {
      await this.client.query(`TRUNCATE ${kind === 'write' ? writeStage : deleteStage}`);
    } else {
      await this.client.query(this.statements.createStage(kind));
      this.staged.add(kind);
    }
  }

  private async translated<Result>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await underSignal(this.client, signal, cancelAfterMs, work);
    } catch (error) {
      throw signal.aborted ? signal.reason : destinationFailure(error);
    }
  }
}

/** A transaction whose settings read a value the way the source wrote it, and that cannot outlive its client for long. */
export async function beginTransaction(client: Client): Promise<void> {
  await client.query(`
    BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SET LOCAL statement_timeout = ${statementTimeoutMs};
    SET LOCAL lock_timeout = ${lockTimeoutMs};
    SET LOCAL idle_in_transaction_session_timeout = ${writeDeadlineMs};
    SET LOCAL client_encoding = 'UTF8';
    SET LOCAL DateStyle = 'ISO, YMD';
    SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL TimeZone = 'UTC';
    SET LOCAL lc_monetary = 'C';
    SET LOCAL client_min_messages = 'warning';
    SET CONSTRAINTS ALL IMMEDIATE; -- a row that breaks one is refused in its batch instead of failing the commit
  `);
}
