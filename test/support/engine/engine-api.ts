// Serves the real API over a test's engine: the same database, and runs started and cancelled through Temporal.
import { pino } from 'pino';
import { type AppDependencies, createApp } from '../../../api/create-app';
import { LiveEvents } from '../../../api/events/live-events';
import { serve } from '../../../api/serve';
import { temporalRunLauncher } from '../../../temporal/run-launcher';
import { temporalSchedules } from '../../../temporal/schedules';
import { aToken, testSecretKey } from '../../factories/a-workspace';
import { fakeInspector } from '../../fakes/fake-inspector';
import { watchAnswers } from '../answers/watch-answers';
import type { Engine } from './engine';

/** An answer's JSON; tests look into it as they like. */
// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;

interface EngineAnswer {
  readonly status: number;
  readonly body: Json;
}

/** The API as a caller with one token has it. An answer that is not as documented fails the call. */
export interface EngineApi {
  readonly url: string;
  readonly token: string;
  get(path: string): Promise<EngineAnswer>;
  post(path: string, body?: unknown): Promise<EngineAnswer>;
  send(method: string, path: string, body?: unknown): Promise<EngineAnswer>;
  close(): Promise<void>;
}

/** `overrides` replace single dependencies. */
export async function engineApi(
  engine: Engine,
  overrides: Partial<AppDependencies> = {},
): Promise<EngineApi> {
  const logger = pino({ level: 'silent' });
  const liveEvents = new LiveEvents({ knex: engine.knex, databaseUrl: engine.databases.ours.url, logger });
  const deps: AppDependencies = {
    knex: engine.knex,
    secretKey: testSecretKey,
    inspector: fakeInspector(),
    launcher: temporalRunLauncher(engine.client, engine.taskQueue),
    schedules: temporalSchedules(engine.client, engine.taskQueue),
    checkTemporal: async () => undefined,
    temporalUi: { url: 'http://ui.invalid', namespace: 'default' },
    liveEvents,
    logger,
    isDraining: () => false,
    ...overrides,
  };
  const watched = watchAnswers(createApp(deps).callback(), deps);
  const [served, { token }] = await Promise.all([
    serve(watched.handle, { host: '127.0.0.1', port: 0 }),
    aToken(engine.knex, engine.workspaceId),
  ]);
  async function send(method: string, path: string, body?: unknown): Promise<EngineAnswer> {
    const answer = await fetch(`${served.url}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    watched.assertDocumented();
    return { status: answer.status, body: text === '' ? null : JSON.parse(text) };
  }
  return {
    url: served.url,
    token,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    send,
    async close() {
      await Promise.all([liveEvents.close(), served.drain()]);
      watched.assertDocumented();
    },
  };
}
