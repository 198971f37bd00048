// Runs the real API over a database of its own, on a free port, with a fake inspector and launcher.
import { Writable } from 'node:stream';
import type { Knex } from 'knex';
import { type Logger, pino } from 'pino';
import { type AppDependencies, createApp } from '../../api/create-app';
import { LiveEvents } from '../../api/events/live-events';
import { serve } from '../../api/serve';
import type { TokenScope } from '../../db/configuration/token-store';
import { connect } from '../../db/connect';
import { PreviewStore } from '../../db/preview-store';
import { aToken, aWorkspace, testSecretKey } from '../factories/a-workspace';
import { type FakeInspector, fakeInspector } from '../fakes/fake-inspector';
import { type FakeLauncher, fakeLauncher } from '../fakes/fake-launcher';
import { type FakeSchedules, fakeSchedules } from '../fakes/fake-schedules';
import { watchAnswers } from '../support/answers/watch-answers';
import { createTestDatabase } from '../support/database';

/** JSON of an answer; tests look into it as they like. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export interface RequestOptions {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** null sends none; absent sends the admin token. */
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

export interface RunningApi {
  readonly url: string;
  readonly knex: Knex;
  readonly databaseUrl: string;
  readonly workspaceId: string;
  readonly token: string;
  readonly inspector: FakeInspector;
  readonly launcher: FakeLauncher;
  readonly schedules: FakeSchedules;
  readonly logger: Logger;
  /** Everything logged so far, as it was written. */
  logged(): string;
  send(path: string, options?: RequestOptions): Promise<ApiAnswer>;
  get(path: string, token?: string | null): Promise<ApiAnswer>;
  post(path: string, body?: unknown): Promise<ApiAnswer>;
  newToken(scopes: readonly TokenScope[], workspaceId?: string): Promise<string>;
  stop(): Promise<void>;
}

/** What overrides can be made of. */
export type OwnDependencies = Pick<AppDependencies, 'knex' | 'logger'> & { readonly databaseUrl: string };
type Overrides = Partial<AppDependencies>;

/**
 * Starts the API; `overrides` replace single dependencies. Every answer is held to the document: a call fails that gets
 * another, and so does `stop` when it was a call made by other means.
 */
export async function startApi(
  overrides: Overrides | ((own: OwnDependencies) => Overrides | Promise<Overrides>) = {},
): Promise<RunningApi> {
  const database = await createTestDatabase();
  const knex = connect(database.url, { poolSize: 5 });
  const workspace = await aWorkspace(knex, 'Default');
  const { token } = await aToken(knex, workspace.id);
  const inspector = fakeInspector(new PreviewStore(knex, testSecretKey));
  const launcher = fakeLauncher();
  const schedules = fakeSchedules();
  let log = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log += chunk.toString();
      done();
    },
  });
  const logger = pino({ level: 'debug' }, sink);
  const dependencies: AppDependencies = {
    knex,
    secretKey: testSecretKey,
    inspector,
    launcher,
    schedules,
    checkTemporal: async () => undefined,
    temporalUi: { url: 'http://ui.invalid', namespace: 'default' },
    liveEvents: new LiveEvents({ knex, databaseUrl: database.url, logger }),
    logger,
    isDraining: () => false,
    ...(typeof overrides === 'function'
      ? await overrides({ knex, databaseUrl: database.url, logger })
      : overrides),
  };
  const watched = watchAnswers(createApp(dependencies).callback(), dependencies);
  const served = await serve(watched.handle, { host: '127.0.0.1', port: 0 });

  async function send(path: string, options: RequestOptions = {}): Promise<ApiAnswer> {
    const presented = options.token === undefined ? token : options.token;
    const answer = await fetch(served.url + path, {
      method: options.method ?? 'GET',
      headers: {
        ...(presented === null ? {} : { Authorization: `Bearer ${presented}` }),
        ...(options.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await answer.text();
    watched.assertDocumented();
    return { status: answer.status, headers: answer.headers, body: text === '' ? null : JSON.parse(text) };
  }

  return {
    url: served.url,
    knex,
    databaseUrl: database.url,
    workspaceId: workspace.id,
    token,
    inspector,
    launcher,
    schedules,
    logger,
    logged: () => log,
    send,
    get: (path, presented) => send(path, presented === undefined ? {} : { token: presented }),
    post: (path, body) => send(path, { method: 'POST', body }),
    newToken: async (scopes, workspaceId = workspace.id) => (await aToken(knex, workspaceId, scopes)).token,
    async stop() {
      await Promise.all([dependencies.liveEvents.close(), served.drain()]);
      await knex.destroy();
      await database.drop();
      watched.assertDocumented();
    },
  };
}
