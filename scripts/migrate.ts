// Owns the migrate command: brings the database of DATABASE_URL to the current schema, seeds the workspace, and seals stored
// secrets anew when the key has changed.
import type { Knex } from 'knex';
import { type Config, loadConfig } from '../config';
import { connect } from '../db/connect';
import { databaseMessage } from '../db/database-error';
import { migrateLatest } from '../db/migrate';
import { resealAll } from '../db/reseal';
import { type SeededWorkspace, seedWorkspace } from '../db/seed-workspace';

async function migrate(env: NodeJS.ProcessEnv): Promise<SeededWorkspace> {
  const config = loadConfig(env);
  const databaseUrl = requireDatabase(config);
  await migrateLatest(databaseUrl);
  const knex = connect(databaseUrl, { poolSize: 1, applicationName: 'signalsmith-migrate' });
  try {
    const seeded = await seedWorkspace(knex, { workspaceName: 'Default', apiToken: config.apiToken });
    await reseal(knex, config);
    return seeded;
  } finally {
    await knex.destroy();
  }
}

// With both keys everything is sealed with the present one, so that the previous one can be taken away at the next start.
async function reseal(knex: Knex, { secretKey, secretKeyPrevious }: Config): Promise<void> {
  if (!secretKey || !secretKeyPrevious) return;
  const { resealed, unopened } = await resealAll(knex, [secretKey, secretKeyPrevious]);
  process.stdout.write(
    `sealed with the present key: ${resealed}; not to be opened with either key: ${unopened}\n`,
  );
}

function requireDatabase({ databaseUrl }: Config): string {
  if (databaseUrl === null) throw new Error('DATABASE_URL must be set (npm start sets it by itself)');
  return databaseUrl;
}

migrate(process.env).then(
  ({ workspaceId, isTokenRevoked }) => {
    process.stdout.write(`database is up to date, workspace ${workspaceId}\n`);
    if (isTokenRevoked) process.stderr.write('The token in API_TOKEN has been revoked: set another one.\n');
  },
  (error: unknown) => {
    process.stderr.write(`The database could not be migrated: ${databaseMessage(error)}\n`);
    process.exitCode = 1;
  },
);
