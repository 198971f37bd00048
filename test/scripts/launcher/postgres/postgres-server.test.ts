// A port is looked at before PostgreSQL takes it: somebody else's server may be there first, and answer for ours.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anyFreePort } from '../../../../scripts/launcher/free-port';
import { reachableClusterFolder } from '../../../../scripts/launcher/postgres/postgres-install';
import { type PostgresServer, startPostgres } from '../../../../scripts/launcher/postgres/postgres-server';

let folder: string;
let port: number;
const clusters: string[] = [];
let stranger: PostgresServer;

function start(name: string, password: string | null): Promise<PostgresServer> {
  const clusterFolder = reachableClusterFolder(join(folder, name));
  clusters.push(clusterFolder);
  return startPostgres({ clusterFolder, logFile: join(folder, `${name}.log`), port, password });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signalsmith-ports-'));
  port = await anyFreePort('127.0.0.1');
  stranger = await start('stranger', 'theirs');
}, 60_000);
afterAll(async () => {
  await stranger.process.stop(5_000);
  for (const made of [folder, ...clusters]) rmSync(made, { recursive: true, force: true });
});

test('a server whose port another one has says so, and blames no password', async () => {
  await expect(start('ours', 'ours')).rejects.toThrow(/PostgreSQL did not start: [^]*could not bind/);
}, 60_000);

test('a server that lets everyone in is not taken for ours', async () => {
  await expect(start('open', 'theirs')).rejects.toThrow(/PostgreSQL did not start: [^]*could not bind/);
}, 60_000);
