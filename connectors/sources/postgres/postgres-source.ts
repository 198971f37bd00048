// Owns reading models from PostgreSQL: one proven statement, one read-only snapshot, its rows as COPY text.
import type { Client } from 'pg';
import { ConnectorFailure } from '../../connector-failure';
import {
  cancelStatement,
  closeClient,
  longestTimeoutMs,
  openClient,
  underSignal,
} from '../../postgres-client';
import type { Connection } from '../../registry';
import type { CheckReport, ModelRead, ModelStream, Source } from '../../source';
import { beginSnapshot } from './begin-snapshot';
import { copyRows } from './copy-rows';
import { proveModel, proveSelectable, wantedColumn } from './model-proof';
import { copyOut, selectFrom } from './model-statement';
import { sourceFailure, type StatementFacts } from './translate-error';

/** Checks and descriptions run nothing; half a minute is a server that does not answer. */
const describeTimeoutSeconds = 30;

/** The server ends a query at its own timeout; past this much more the connection must be dead. */
const deadConnectionMs = 30_000;

/** A source over `secrets.url`. Every call opens a connection of its own and closes it. */
export function postgresSource(connection: Connection): Source {
  const open = new Set<Client>();

  async function connect(signal: AbortSignal): Promise<Client> {
    const client = await openClient(connection, signal);
    open.add(client);
    return client;
  }

  async function release(client: Client): Promise<void> {
    open.delete(client);
    await closeClient(client);
  }

  /** One statement's worth of work on a connection of its own, errors translated. */
  async function withClient<Result>(
    signal: AbortSignal,
    work: (client: Client, facts: StatementFacts, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const facts = newFacts(describeTimeoutSeconds);
    let client: Client | null = null;
    try {
      const opened = await connect(signal);
      client = opened;
      const deadlineMs = describeTimeoutSeconds * 1000 + deadConnectionMs;
      return await underSignal(opened, signal, deadlineMs, (inner) => work(opened, facts, inner));
    } catch (error) {
      throw signal.aborted ? signal.reason : sourceFailure(error, facts);
    } finally {
      if (client) await release(client);
    }
  }

  async function read(query: ModelRead, signal: AbortSignal): Promise<ModelStream> {
    const facts = newFacts(query.timeoutSeconds);
    let client: Client | null = null;
    try {
      const opened = await connect(signal);
      client = opened;
      return await underSignal(
        opened,
        signal,
        query.timeoutSeconds * 1000 + deadConnectionMs,
        async (inner) => {
          await beginSnapshot(opened, query.timeoutSeconds);
          const { model, columns } = await proveModel(opened, query.sql, facts);
          const wanted = query.columns.map((name) => wantedColumn(name, columns));
          const wrapped = selectFrom(model, query.columns);
          await proveSelectable(opened, model, wrapped, facts);
          inner.throwIfAborted();
          Object.assign(facts, { model, before: copyOut(wrapped).before, startedMs: performance.now() });
          const rows = copyRows(opened, copyOut(wrapped).sql);
          return {
            columns: wanted,
            chunks: rowsUntilEnd(opened, rows, facts, signal),
            rowCount: () => rows.rowCount(),
          };
        },
      );
    } catch (error) {
      if (client) await release(client);
      throw signal.aborted ? signal.reason : sourceFailure(error, facts);
    }
  }

  /** The rows, watched over: abort and silence end them and the statement, and the connection is closed after all. */
  function rowsUntilEnd(
    client: Client,
    rows: ReturnType<typeof copyRows>,
    facts: StatementFacts,
    signal: AbortSignal,
  ): AsyncGenerator<Buffer> {
    let silence: NodeJS.Timeout | undefined;
    const stop = (reason: unknown): void => {
      clearTimeout(silence);
      rows.stream.destroy(reason as Error);
      // The socket is cut after the request: a server that is blocked writing to us notices only the cut.
      void cancelStatement(client).then(() => release(client));
    };
    const onAbort = (): void => stop(signal.reason);
    const limitMs = Math.min(facts.timeoutSeconds * 1000 + deadConnectionMs, longestTimeoutMs);
    silence = setTimeout(() => stop(new Error('timeout expired')), limitMs);
    signal.addEventListener('abort', onAbort, { once: true });

    async function* generate(): AsyncGenerator<Buffer> {
      let ended = false;
      try {
        for await (const chunk of rows.stream) yield chunk as Buffer;
        await rows.finished;
        ended = true;
      } catch (error) {
        ended = true;
        throw signal.aborted ? signal.reason : sourceFailure(error, facts);
      } finally {
        clearTimeout(silence);
        signal.removeEventListener('abort', onAbort);
        // A consumer that stopped early leaves a statement running.
        if (!ended) await cancelStatement(client);
        await release(client);
      }
    }
    return generate();
  }

  return {
    async check(signal) {
      try {
        return await withClient(signal, reportOn);
      } catch (error) {
        if (!(error instanceof ConnectorFailure)) throw error;
        return {
          ok: false,
          message: error.message,
          details: error.failure.cause ? { cause: error.failure.cause } : {},
        };
      }
    },
    describe: (sql, signal) =>
      withClient(signal, async (client, facts) => {
        await beginSnapshot(client, describeTimeoutSeconds);
        const { model, columns } = await proveModel(client, sql, facts);
        await proveSelectable(
          client,
          model,
          selectFrom(
            model,
            columns.map(({ name }) => name),
          ),
          facts,
        );
        return columns;
      }),
    read,
    async close() {
      await Promise.all([...open].map(release));
    },
  };
}

function newFacts(timeoutSeconds: number): StatementFacts {
  return { model: null, before: 0, timeoutSeconds, startedMs: performance.now() };
}

async function reportOn(client: Client): Promise<CheckReport> {
  const answer = await client.query<{ version: string; user: string; database: string }>(
    `SELECT current_setting('server_version') AS version, current_user AS user, current_database() AS database`,
  );
  const [facts] = answer.rows;
  return {
    ok: true,
    message: `Connected to database "${facts?.database}" as "${facts?.user}"`,
    details: {
      server_version: `PostgreSQL ${facts?.version}`,
      user: facts?.user ?? '',
      database: facts?.database ?? '',
    },
  };
}
