// Owns the Knex connection: the only place that knows pool size, timeouts and how Postgres types become JavaScript's.
import { type Knex, knex as makeKnex } from 'knex';
import { type Client, types } from 'pg';
import { cutWhenSilent } from './cut-when-silent';
import { oneAtATime } from './one-at-a-time';

// bigint (oid 20) as a number: every counter stays below 2^53, and sums are checked by the identity.
const bigintOid = 20;
types.setTypeParser(bigintOid, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53`);
  return value;
});

/** What stores and activities run their statements on. */
export type Database = Knex;

export interface ConnectOptions {
  /** Most connections at once. */
  readonly poolSize?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** Longest one statement may take, milliseconds; 0 is no limit. */
  readonly statementTimeoutMs?: number;
  /**
   * Longest wait for each answer, also of a server that is frozen; absent: for ever. A connection is waited for as long
   * at most, and for some seconds in any case.
   */
  readonly answerLimitMs?: number;
  /**
   * For a process that asks for pages and not for everything: statements keep to indexes. Left to itself the planner takes
   * them to be on a disk with a head to move; where a workspace is most of a table it would rather read that from end to end.
   */
  readonly prefersIndexes?: boolean;
}

// Ten seconds: a database that accepts no connection by then is down for our purposes.
const connectMs = 10_000;
// Longer, so that a connection that cannot be made says why.
const acquireMs = 15_000;

/** A Knex over `databaseUrl`. Nothing is connected until the first query. */
export function connect(databaseUrl: string, options: ConnectOptions = {}): Knex {
  return makeKnex({
    client: 'pg',
    connection: {
      connectionString: databaseUrl,
      application_name: options.applicationName ?? 'signalsmith',
      connectionTimeoutMillis: Math.min(options.answerLimitMs ?? connectMs, connectMs),
      keepAlive: true,
      // Left to itself the system asks after two hours. A peer that is gone without a word is found in under a minute, unless
      // something that was sent to it is still on its way: that is repeated for a quarter of an hour (Linux).
      keepAliveInitialDelayMillis: 30_000,
      ...(options.prefersIndexes ? { options: '-c random_page_cost=1.1' } : {}),
      ...(options.statementTimeoutMs ? { statement_timeout: options.statementTimeoutMs } : {}),
    },
    pool: {
      min: 0,
      max: options.poolSize ?? 10,
      afterCreate: whenMade(options),
    },
    // Left to itself knex writes every value of a failed statement into the error's message: rows, and whole journal
    // batches, would stand in logs, failures and Temporal's histories.
    compileSqlOnError: false,
    // Pool errors reach the caller as rejections; knex would print them a second time with a stack.
    log: {
      warn: () => undefined,
      error: () => undefined,
      debug: () => undefined,
      deprecate: () => undefined,
    },
    acquireConnectionTimeout: Math.min(options.answerLimitMs ?? acquireMs, acquireMs),
  });
}

// Its turn first, and the clock from when it is sent: statements that wait for each other are not silence.
function whenMade({ answerLimitMs }: ConnectOptions) {
  const watch = answerLimitMs ? cutWhenSilent(answerLimitMs) : null;
  return (client: Client, done: (error: Error | null, client: Client) => void): void => {
    const finish = (error: Error | null, made: Client): void => {
      oneAtATime(made);
      done(error, made);
    };
    if (watch) watch(client, finish);
    else finish(null, client);
  };
}
