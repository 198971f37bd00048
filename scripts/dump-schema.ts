// Owns the dump-schema command: writes db/schema.sql from the migrated database of DATABASE_URL.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../config';
import { connect } from '../db/connect';
import { databaseMessage } from '../db/database-error';
import { dumpSchema } from '../db/dump-schema';
import { pendingMigrations } from '../db/migrate';

async function writeSchema(env: NodeJS.ProcessEnv): Promise<string> {
  const { databaseUrl } = loadConfig(env);
  if (databaseUrl === null) throw new Error('DATABASE_URL must name a migrated database');
  const knex = connect(databaseUrl, { poolSize: 3, applicationName: 'signalsmith-dump-schema' });
  try {
    const pending = await pendingMigrations(knex);
    if (pending.length > 0) throw new Error('the database lacks migrations: run scripts/migrate first');
    const file = join(process.cwd(), 'db', 'schema.sql');
    writeFileSync(file, await dumpSchema(knex));
    return file;
  } finally {
    await knex.destroy();
  }
}

writeSchema(process.env).then(
  (file) => {
    process.stdout.write(`wrote ${file}\n`);
  },
  (error: unknown) => {
    process.stderr.write(`The schema could not be written: ${databaseMessage(error)}\n`);
    process.exitCode = 1;
  },
);
