// Owns bringing a database to the current schema: the list of migrations in order, up and down.
import type { Knex } from 'knex';
import { connect } from './connect';
import * as workspaces from './migrations/0001-workspaces';
import * as configuration from './migrations/0002-configuration';
import * as runs from './migrations/0003-runs';
import * as ledger from './migrations/0004-ledger';
import * as snapshots from './migrations/0005-snapshots';
import * as lateCalls from './migrations/0006-late-calls';
import * as runLife from './migrations/0007-run-life';
import * as scheduleForms from './migrations/0008-schedule-forms';
import * as rateLimits from './migrations/0009-rate-limits';
import * as history from './migrations/0010-history';
import * as passes from './migrations/0011-passes';
import * as rowKeysAsTheyAre from './migrations/0012-row-keys-as-they-are';
import * as idempotencyKeys from './migrations/0013-idempotency-keys';
import * as editedConfiguration from './migrations/0014-edited-configuration';
import * as who from './migrations/0015-who';
import * as runLists from './migrations/0016-run-lists';
import * as rowErrorGroups from './migrations/0017-row-error-groups';
import * as insights from './migrations/0018-insights';
import * as liveEvents from './migrations/0019-live-events';
import * as runStates from './migrations/0020-run-states';
import * as runTotals from './migrations/0021-run-totals';
import * as rawValues from './migrations/0022-raw-values';
import * as erasedRows from './migrations/0023-erased-rows';
import * as alerts from './migrations/0024-alerts';

const migrations: Record<string, Knex.Migration> = {
  '0001-workspaces': workspaces,
  '0002-configuration': configuration,
  '0003-runs': runs,
  '0004-ledger': ledger,
  '0005-snapshots': snapshots,
  '0006-late-calls': lateCalls,
  '0007-run-life': runLife,
  '0008-schedule-forms': scheduleForms,
  '0009-rate-limits': rateLimits,
  '0010-history': history,
  '0011-passes': passes,
  '0012-row-keys-as-they-are': rowKeysAsTheyAre,
  '0013-idempotency-keys': idempotencyKeys,
  '0014-edited-configuration': editedConfiguration,
  '0015-who': who,
  '0016-run-lists': runLists,
  '0017-row-error-groups': rowErrorGroups,
  '0018-insights': insights,
  '0019-live-events': liveEvents,
  '0020-run-states': runStates,
  '0021-run-totals': runTotals,
  '0022-raw-values': rawValues,
  '0023-erased-rows': erasedRows,
  '0024-alerts': alerts,
};

// Named in code, not read from a folder: the same list under jest and in the build.
const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: async () => Object.keys(migrations).toSorted(),
  getMigrationName: (name) => name,
  getMigration: async (name) => {
    const migration = migrations[name];
    if (!migration) throw new Error(`this build does not know migration "${name}": the database is newer`);
    return migration;
  },
};

// Any number that nobody else in this database takes for an advisory lock.
const migrationLock = 7_301_905;

/** Runs every migration the database lacks. Two starters wait for each other; one that was killed blocks nobody. */
export async function migrateLatest(databaseUrl: string): Promise<void> {
  const knex = connect(databaseUrl, { poolSize: 1 });
  const holder = connect(databaseUrl, { poolSize: 1, applicationName: 'signalsmith-migration-lock' });
  try {
    // Held by a session: PostgreSQL releases it when we die, whichever way.
    await holder.raw('SELECT pg_advisory_lock(?)', [migrationLock]);
    // Knex's own lock is a row that outlives a killed process; whoever holds ours knows that nobody else migrates.
    if (await knex.schema.hasTable('knex_migrations_lock')) {
      await knex.migrate.forceFreeMigrationsLock({ migrationSource });
    }
    await knex.migrate.latest({ migrationSource });
  } finally {
    await Promise.all([knex.destroy(), holder.destroy()]);
  }
}

/** Undoes every migration; for the round-trip test. */
export async function migrateDown(databaseUrl: string): Promise<void> {
  const knex = connect(databaseUrl, { poolSize: 1 });
  try {
    await knex.migrate.rollback({ migrationSource }, true);
  } finally {
    await knex.destroy();
  }
}

/** Names of migrations the database still lacks. Only looks: knex's own list would create its tables. */
export async function pendingMigrations(knex: Knex): Promise<string[]> {
  const hasTable = await knex.schema.hasTable('knex_migrations');
  const done: string[] = hasTable ? await knex('knex_migrations').pluck('name') : [];
  return Object.keys(migrations).filter((name) => !done.includes(name));
}
