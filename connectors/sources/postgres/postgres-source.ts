// Owns reading models from PostgreSQL: one proven statement, one read-only snapshot, its rows as COPY text.
import type { Socket } from 'node:net';
import type { Client } from 'pg';
import { checkReport, failedReport } from '../../check-report';
import { OpenClients } from '../../open-clients';
import { underSignal } from '../../postgres-client';
import { encryptionAdvice } from '../../postgres-encryption';
import type { Connection } from '../../connection';
import type { CheckReport, ModelRead, ModelStream, Source } from '../../source';
import { beginSnapshot } from './begin-snapshot';
import { type CopiedRows, copyRows } from './copy-rows';
import { proveModel, proveSelectable, wantedColumn } from './model-proof';
import { copyOut, selectFrom } from './model-statement';
import { previewRows, previewStatement } from './preview-rows';
import { sourceFailure, type StatementFacts } from './translate-error';
import { deadConnectionMs, watchRows } from './watch-rows';

/** Checks and descriptions run nothing; half a minute is a server that does not answer. */
const describeTimeoutSeconds = 30;

/** A source over `secrets.url`. Every call opens a connection of its own and closes it. */
export function postgresSource(connection: Connection): Source {
  const clients = new OpenClients(connection);
  const closing = new AbortController();
  const untilClosed = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, closing.signal]);

  /** One statement's worth of work on a connection of its own, errors translated. */
  async function withClient<Result>(
    callersSignal: AbortSignal,
    work: (client: Client, facts: StatementFacts) => Promise<Result>,
    timeoutSeconds = describeTimeoutSeconds,
  ): Promise<Result> {
    const signal = untilClosed(callersSignal);
    const facts = newFacts(timeoutSeconds);
    let client: Client | null = null;
    try {
      const opened = await clients.connect(signal);
      client = opened;
      const deadlineMs = timeoutSeconds * 1000 + deadConnectionMs;
      return await underSignal(opened, signal, deadlineMs, () => work(opened, facts));
    } catch (error) {
      throw signal.aborted ? signal.reason : sourceFailure(error, facts);
    } finally {
      if (client) await clients.release(client);
    }
  }

  async function read(query: ModelRead, callersSignal: AbortSignal): Promise<ModelStream> {
    const signal = untilClosed(callersSignal);
    const facts = newFacts(query.timeoutSeconds);
    let client: Client | null = null;
    try {
      const opened = await clients.connect(signal);
      client = opened;
      return await underSignal(
        opened,
        signal,
        query.timeoutSeconds * 1000 + deadConnectionMs,
        async (inner) => {
          await beginSnapshot(opened, query.timeoutSeconds, query.passes);
          const { model, columns } = await proveModel(opened, query.sql, facts);
          const wanted = query.columns.map((name) => wantedColumn(name, columns));
          const wrapped = selectFrom(model, query.columns);
          await proveSelectable(opened, model, wrapped, facts);
          inner.throwIfAborted();
          Object.assign(facts, { model, before: copyOut(wrapped).before });
          let passesLeft = query.passes ?? 1;
          let rows: CopiedRows;
          const nextPass = (): AsyncGenerator<Buffer> => {
            // Between two passes nobody listens for it.
            signal.throwIfAborted();
            if (passesLeft === 0) throw new Error('the model was read as often as was asked for');
            passesLeft -= 1;
            facts.startedMs = performance.now();
            rows = copyRows(opened, copyOut(wrapped).sql);
            return watchRows(rows, {
              client: opened,
              facts,
              signal,
              isLast: passesLeft === 0,
              release: (used) => clients.release(used),
            });
          };
          return { columns: wanted, chunks: nextPass(), nextPass, rowCount: () => rows.rowCount() };
        },
      );
    } catch (error) {
      if (client) await clients.release(client);
      throw signal.aborted ? signal.reason : sourceFailure(error, facts);
    }
  }

  return {
    async check(signal) {
      try {
        return await withClient(signal, reportOn);
      } catch (error) {
        return failedReport(error);
      }
    },
    describe: (sql, signal) =>
      withClient(signal, async (client, facts) => {
        await beginSnapshot(client, describeTimeoutSeconds);
        const { model, columns } = await proveModel(client, sql, facts);
        const names = columns.map(({ name }) => name);
        await proveSelectable(client, model, selectFrom(model, names), facts);
        return columns;
      }),
    preview: ({ sql, limit, timeoutSeconds }, signal) =>
      withClient(
        signal,
        async (client, facts) => {
          await beginSnapshot(client, timeoutSeconds);
          const { model, columns } = await proveModel(client, sql, facts);
          const wrapped = previewStatement(model, columns, limit);
          await proveSelectable(client, model, wrapped, facts);
          facts.startedMs = performance.now();
          return { columns, ...(await previewRows(client, wrapped, limit)) };
        },
        timeoutSeconds,
      ),
    read,
    async close() {
      closing.abort(new Error('the source was closed'));
      await clients.closeAll();
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
  const connected = `Connected to database "${facts?.database}" as "${facts?.user}", PostgreSQL ${facts?.version}`;
  return checkReport([
    { name: 'connection', ok: true, detail: connected },
    ...encryptionAdvice(client.connection.stream as Socket),
    { name: 'rights', ok: true, detail: await rightsOf(client) },
  ]);
}

/**
 * What a model could be more than its user: advice and no fault. Models run read-only, but a read-only statement may
 * take on any role that its user may.
 */
async function rightsOf(client: Client): Promise<string> {
  const answer = await client.query<{ is_superuser: boolean; roles: string[] }>(
    `SELECT rolsuper AS is_superuser, ARRAY(
       SELECT r.rolname::text FROM pg_roles r
       WHERE NOT u.rolsuper AND r.oid <> u.oid AND pg_has_role(u.oid, r.oid, 'MEMBER') ORDER BY r.rolname LIMIT 4) AS roles
     FROM pg_roles u WHERE rolname = current_user`,
  );
  const [rights] = answer.rows;
  if (rights?.is_superuser)
    return 'A superuser: models can read all that the server can. A user that may only SELECT is safer';
  const [more] = rights?.roles.slice(3) ?? [];
  const roles = rights?.roles.slice(0, 3).map((role) => `"${role}"`) ?? [];
  if (roles.length === 0) return 'No other rights than its own';
  return `May become ${roles.join(', ')}${more ? ' and others' : ''}: models can read what these can`;
}
