// Owns writing to PostgreSQL tables: checks, lanes and the fate of commits. The writing itself is the lane's.
import type { Socket } from 'node:net';
import type { Client } from 'pg';
import type { CommitFate, DeliveryHabits, Destination } from '../../destination';
import { checkReport, failedReport } from '../../check-report';
import { OpenClients } from '../../open-clients';
import { underSignal } from '../../postgres-client';
import { encryptionAdvice } from '../../postgres-encryption';
import { sqlState } from '../../postgres-error';
import type { Connection } from '../../connection';
import type { CheckReport } from '../../source';
import { beginTransaction, PostgresLane, writeDeadlineMs } from './postgres-lane';
import { proveWritable, resolveTarget } from './prepare-table';
import { destinationFailure, misconfigured } from './translate-error';

/** Checks and preparations read catalogs; half a minute is a server that does not answer. */
const askDeadlineMs = 30_000;

/** A destination over `secrets.url`; `config` may set `lanes` and `atomic_rows`. */
export function postgresDestination(connection: Connection): Destination {
  const clients = new OpenClients(connection);

  /** A question on a connection of its own, errors translated. */
  async function asking<Result>(
    signal: AbortSignal,
    work: (client: Client) => Promise<Result>,
  ): Promise<Result> {
    let client: Client | null = null;
    try {
      const opened = await clients.connect(signal);
      client = opened;
      return await underSignal(opened, signal, askDeadlineMs, () => work(opened));
    } catch (error) {
      throw signal.aborted ? signal.reason : destinationFailure(error);
    } finally {
      if (client) await clients.release(client);
    }
  }

  return {
    habits: habitsOf(connection.config),
    async check(signal) {
      try {
        return await asking(signal, reportOn);
      } catch (error) {
        return failedReport(error);
      }
    },
    prepare: (target, signal) =>
      asking(signal, async (client) => {
        const statements = await resolveTarget(client, target);
        // Left open: closing the connection undoes it.
        await beginTransaction(client);
        await proveWritable(client, statements);
      }),
    fieldTypes: (target, signal) =>
      asking(signal, async (client) => {
        const { columns } = await resolveTarget(client, target);
        return columns.map(({ name, bareType }) => ({ field: name, type: bareType }));
      }),
    async openLane(target, signal) {
      let client: Client | null = null;
      try {
        const opened = await clients.connect(signal);
        client = opened;
        const statements = await underSignal(opened, signal, askDeadlineMs, () =>
          resolveTarget(opened, target),
        );
        return new PostgresLane(opened, statements, () => clients.forget(opened));
      } catch (error) {
        if (client) await clients.release(client);
        throw signal.aborted ? signal.reason : destinationFailure(error);
      }
    },
    fateOf: (transactionId, signal) => asking(signal, (client) => fateOf(client, transactionId)),
    async close() {
      await clients.closeAll();
    },
  };
}

function habitsOf(config: Readonly<Record<string, unknown>>): DeliveryHabits {
  return {
    batchRows: 10_000, // a tenth of a second each: the unit of heartbeat and cancel; larger ones were no faster
    batchBytes: 4 * 1024 * 1024, // twice what 10,000 common rows take; each lane has one batch in work and one fetched
    // Four: on four cores that everything shared they took 0.3 to 0.4 of the time of one, for a first load and for a change
    // of every row. Each is a connection at the destination. With none, nothing would ever be written.
    lanes: wholeNumber(config, 'lanes', 4, 1),
    lanesAhead: 0,
    atomicRows: wholeNumber(config, 'atomic_rows', 100_000), // seconds of one transaction, not minutes
    writeDeadlineMs,
  };
}

function wholeNumber(
  config: Readonly<Record<string, unknown>>,
  name: string,
  fallback: number,
  least = 0,
): number {
  const value = config[name] ?? fallback;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw misconfigured(`"${name}" must be a whole number of ${least} or more`);
}

async function fateOf(client: Client, transactionId: string): Promise<CommitFate> {
  try {
    const answer = await client.query<{ fate: string | null }>('SELECT pg_xact_status($1::xid8) AS fate', [
      transactionId,
    ]);
    const fate = answer.rows[0]?.fate ?? null;
    if (fate === 'in progress') return 'in_progress';
    // Null: so long ago that the server has forgotten.
    return fate === 'committed' || fate === 'aborted' ? fate : 'unknown';
  } catch (error) {
    // The id lies in this server's future: it is not the server, or not the timeline, that gave it.
    if (sqlState(error) === '22023') return 'unknown';
    throw error;
  }
}

async function reportOn(client: Client): Promise<CheckReport> {
  const answer = await client.query<{ version: string; user: string; database: string; replica: boolean }>(
    `SELECT current_setting('server_version') AS version, current_user AS user, current_database() AS database,
       pg_is_in_recovery() AS replica`,
  );
  const [facts] = answer.rows;
  const connected = `Connected to database "${facts?.database}" as "${facts?.user}", PostgreSQL ${facts?.version}`;
  const isPrimary = facts?.replica === false;
  return checkReport([
    { name: 'connection', ok: true, detail: connected },
    ...encryptionAdvice(client.connection.stream as Socket),
    {
      name: 'writable',
      ok: isPrimary,
      detail: isPrimary ? 'The server takes writes' : 'This server is a read-only replica',
    },
  ]);
}
