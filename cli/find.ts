// Owns finding what a person means: a sync by its id or name, a run by its id or as the latest one.
import type { Client } from './api/client';
import { ApiProblem, UsageError } from './api/errors';
import type { Sync } from './api/wire';
import { inert } from './output/inert';

/** The word for a sync's newest run. */
export const latest = 'latest';

// More names than this are no help on a screen.
const mostNames = 20;

/** The sync of that id or name. Throws UsageError, with the names there are, when there is none. */
export async function findSync(client: Client, idOrName: string): Promise<Sync> {
  if (idOrName.startsWith('sync_')) {
    const byId = await client.sync(idOrName).catch(unlessMissing);
    if (byId) return byId;
  }
  const { data } = await client.syncs({ name: idOrName });
  const [byName] = data;
  if (byName) return byName;
  throw new UsageError(`There is no sync "${inert(idOrName)}". ${await namesThereAre(client)}`);
}

/** The id of that run of the sync, which is not checked; of the newest one for `latest`. */
export async function findRunId(client: Client, sync: Sync, idOrLatest: string): Promise<string> {
  if (idOrLatest !== latest) return idOrLatest;
  const { data } = await client.runs(sync.id, { per_page: '1' });
  const [newest] = data;
  if (!newest) throw new UsageError(`The sync "${inert(sync.name)}" has not run yet.`);
  return newest.id;
}

async function namesThereAre(client: Client): Promise<string> {
  const { data, pagination } = await client.syncs({ per_page: String(mostNames) });
  if (data.length === 0) return 'There are no syncs yet.';
  const more = pagination.total > data.length ? ` and ${pagination.total - data.length} more` : '';
  return `There are: ${data.map(({ name }) => `"${inert(name)}"`).join(', ')}${more}.`;
}

function unlessMissing(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null;
  throw error;
}
