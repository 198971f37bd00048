// Owns a place where every process can be killed, stopped and started again: ours as users run it, and an outside world
// (warehouse, destination tables) that outlives all of it. Knows no scenario.
import { randomBytes } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { Client as PgClient, type QueryResultRow } from 'pg';
import { migrateLatest } from '../../../db/migrate';
import { connect } from '../../../db/connect';
import { seedWorkspace } from '../../../db/seed-workspace';
import { anyFreePort } from '../../../scripts/launcher/free-port';
import { reachableClusterFolder } from '../../../scripts/launcher/postgres/postgres-install';
import {
  ensureDatabase,
  type PostgresServer,
  startPostgres,
} from '../../../scripts/launcher/postgres/postgres-server';
import { projectRoot } from '../../../scripts/launcher/project-root';
import { ensureTemporalBinary } from '../../../scripts/launcher/temporal/temporal-binary';
import { startTemporal } from '../../../scripts/launcher/temporal/temporal-server';
import { ensureWorkflowBundle } from '../../../worker/build-bundle';
import { ChaosPrograms } from './chaos-programs';
import { pidsBelow, signalAll } from '../../support/processes/process-tree';

/** An answer of the API, or none: the process was gone or said nothing in time. */
export interface ApiReply {
  /** 0 when there was no answer. */
  readonly status: number;
  readonly headers: Headers;
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly tookMs: number;
}

// Twice what any answer may take: a call that hangs longer is judged by its time, not waited for.
const callTimeoutMs = 10_000;
// Everything is thrown away; what has not stopped by then is killed.
const stopMs = 5_000;

/** One installation in a temporary folder; `close` leaves nothing behind. */
export class ChaosPlace {
  readonly token = `chaos-${randomBytes(16).toString('hex')}`;
  /** Seals what is stored there. */
  readonly secretKey = randomBytes(32);
  private temporalConnection: Connection | undefined;

  private constructor(
    readonly folder: string,
    private readonly clusters: readonly string[],
    private readonly ports: { postgres: number; temporal: number },
    private readonly stops: (() => Promise<unknown>)[],
  ) {}

  private ours!: PostgresServer;
  private temporal!: Awaited<ReturnType<typeof startTemporal>>;
  /** Warehouse and target: never killed. */
  outsideUrl!: (database: string) => string;
  /** API and workers. */
  programs!: ChaosPrograms;

  static async open({ workers = 1 } = {}): Promise<ChaosPlace> {
    const folder = mkdtempSync(join(tmpdir(), 'signalsmith-chaos-'));
    // PostgreSQL runs as another user when root starts it, and has to pass through.
    chmodSync(folder, 0o711);
    const clusters = ['ours', 'outside'].map((name) => reachableClusterFolder(join(folder, name)));
    const ports = { postgres: await anyFreePort('127.0.0.1'), temporal: await anyFreePort('127.0.0.1') };
    const place = new ChaosPlace(folder, clusters, ports, []);
    try {
      await place.fill(workers);
      return place;
    } catch (error) {
      await place.close();
      throw error;
    }
  }

  private async fill(workers: number): Promise<void> {
    mkdirSync(join(this.folder, 'temporal'));
    const [, outside] = await Promise.all([this.startPostgres(), this.startOutside(), this.startTemporal()]);
    this.outsideUrl = outside.url;
    for (const name of ['warehouse', 'target']) await ensureDatabase(outside.url('postgres'), name);
    await ensureDatabase(this.ours.url('postgres'), 'signalsmith');
    await migrateLatest(this.databaseUrl);
    const knex = connect(this.databaseUrl, { poolSize: 1 });
    await seedWorkspace(knex, { workspaceName: 'Default', apiToken: this.token });
    await knex.destroy();
    const cache = join(projectRoot, 'node_modules', '.cache', 'signalsmith');
    // A copy: the cache keeps the last few only, and a worker that is started an hour later needs this one.
    const bundle = join(this.folder, 'workflows.js');
    copyFileSync((await ensureWorkflowBundle(cache)).codePath, bundle);
    this.programs = new ChaosPrograms(this.folder, {
      ...process.env,
      PORT: String(await anyFreePort('127.0.0.1')),
      HOST: '127.0.0.1',
      DATABASE_URL: this.databaseUrl,
      TEMPORAL_ADDRESS: this.temporal.address,
      TEMPORAL_NAMESPACE: 'default',
      // A file that is not there: no profile of the user's own gets in.
      TEMPORAL_CONFIG_FILE: join(this.folder, 'no-temporal-profiles.toml'),
      SECRET_KEY: this.secretKey.toString('base64'),
      WORKFLOW_BUNDLE: bundle,
      ALLOWED_INSIDE_ADDRESSES: '127.0.0.1',
      LOG_LEVEL: 'warn',
    });
    this.stops.push(() => this.programs.stopAll(stopMs));
    await Promise.all([
      this.programs.startApi(),
      ...Array.from({ length: workers }, (_, at) => this.programs.startWorker(at)),
    ]);
  }

  get databaseUrl(): string {
    return this.ours.url('signalsmith');
  }

  /** One statement on our database, over a connection of its own: nothing is left broken by a kill. */
  async ask<Row extends QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.askAt(this.databaseUrl, sql, values);
  }

  /** One statement on a database of the outside world. */
  async askOutside<Row extends QueryResultRow>(
    database: 'warehouse' | 'target',
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.askAt(this.outsideUrl(database), sql, values);
  }

  private async askAt<Row extends QueryResultRow>(
    url: string,
    sql: string,
    values: readonly unknown[],
  ): Promise<Row[]> {
    const client = new PgClient({ connectionString: url });
    // A server that dies while we wait rejects the query; the connection's own event says it a second time.
    client.on('error', () => undefined);
    await client.connect();
    try {
      return (await client.query<Row>(sql, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  /** A client of Temporal that is connected when Temporal answers. */
  async temporalClient(): Promise<TemporalClient> {
    if (this.temporalConnection === undefined) {
      const connection = await Connection.connect({ address: this.temporal.address });
      this.temporalConnection = connection;
      this.stops.push(() => connection.close());
    }
    return new TemporalClient({ connection: this.temporalConnection });
  }

  /** A call of the API as a user makes it. Never throws: no answer is an answer too. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    more: Record<string, string> = {},
  ): Promise<ApiReply> {
    const startedMs = performance.now();
    const tookMs = (): number => Math.round(performance.now() - startedMs);
    try {
      const answer = await fetch(`${this.programs.apiUrl}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${this.token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...more,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(callTimeoutMs),
      });
      const text = await answer.text();
      const { status } = answer;
      return {
        status,
        headers: answer.headers,
        body: text === '' ? null : JSON.parse(text),
        tookMs: tookMs(),
      };
    } catch (error) {
      return { status: 0, headers: new Headers(), body: String(error), tookMs: tookMs() };
    }
  }

  /** SIGKILL of the server and of each of its backends, as a power cut would do it. */
  async killPostgres(): Promise<void> {
    signalAll([this.ours.process.pid, ...pidsBelow(this.ours.process.pid)], 'SIGKILL');
    await this.ours.process.ended;
  }

  async startPostgres(): Promise<void> {
    this.ours = await startPostgres({
      clusterFolder: this.clusters[0] as string,
      logFile: join(this.folder, 'postgres.log'),
      port: this.ports.postgres,
      password: null,
      settings: { max_connections: '200' },
      onSpawn: (server) => this.stops.push(() => server.stop(stopMs)),
    });
  }

  /** Every process of the server stands still, connections stay open: a stalled disk, a frozen machine. */
  pausePostgres(): void {
    // The postmaster first: it could start another backend otherwise.
    signalAll([this.ours.process.pid], 'SIGSTOP');
    signalAll(pidsBelow(this.ours.process.pid), 'SIGSTOP');
  }

  continuePostgres(): void {
    signalAll([...pidsBelow(this.ours.process.pid), this.ours.process.pid], 'SIGCONT');
  }

  async killTemporal(): Promise<void> {
    signalAll([this.temporal.process.pid, ...pidsBelow(this.temporal.process.pid)], 'SIGKILL');
    await this.temporal.process.ended;
  }

  async startTemporal(): Promise<void> {
    this.temporal = await startTemporal({
      binary: await ensureTemporalBinary(() => undefined),
      folder: join(this.folder, 'temporal'),
      logFile: join(this.folder, 'temporal.log'),
      port: this.ports.temporal,
      uiPort: null,
      namespace: 'default',
      onSpawn: (server) => this.stops.push(() => server.stop(stopMs)),
    });
  }

  private async startOutside(): Promise<PostgresServer> {
    return startPostgres({
      clusterFolder: this.clusters[1] as string,
      logFile: join(this.folder, 'outside.log'),
      port: await anyFreePort('127.0.0.1'),
      password: null,
      onSpawn: (server) => this.stops.push(() => server.stop(stopMs)),
    });
  }

  async close(): Promise<void> {
    // A frozen server would neither stop nor die with its group: its backends lead sessions of their own.
    const ours = this.ours as PostgresServer | undefined;
    if (ours && !ours.process.hasEnded()) this.continuePostgres();
    for (const stop of this.stops.splice(0).toReversed()) await stop();
    // The logs of a run that went wrong are worth more than a tidy folder.
    if (process.env['KEEP_CHAOS_LOGS'] === '1') return;
    for (const made of [this.folder, ...this.clusters]) rmSync(made, { recursive: true, force: true });
  }
}
