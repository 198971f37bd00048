// Owns the API process: configuration in, an HTTP server out, and an orderly end.
import { ConfigError, loadServiceConfig, secretKeyOf, type ServiceConfig } from '../config';
import { connect } from '../db/connect';
import { createApp } from './create-app';
import { createLogger } from './create-logger';
import { LiveEvents } from './events/live-events';
import { temporalInspector } from './configuration/inspector';
import { processRegistry } from '../telemetry/process-metrics';
import { startTracing } from '../telemetry/start-tracing';
import { temporalRunLauncher } from '../temporal/run-launcher';
import { temporalSchedules } from '../temporal/schedules';
import { serve } from './serve';
import { checkTemporal, temporalClient } from '../temporal/temporal-client';
import { temporalUiOf } from '../temporal/web-ui';

// Four seconds: a screen nobody waits for longer; deep error searches over a million rows take one.
const statementTimeoutMs = 4_000;
// Half a second more, for a server that is frozen and cannot keep its own limit: nobody waits five seconds for a 503.
const answerLimitMs = 4_500;

async function main(config: ServiceConfig): Promise<void> {
  const logger = createLogger(config.logLevel);
  const knex = connect(config.databaseUrl, {
    applicationName: 'signalsmith-api',
    statementTimeoutMs,
    answerLimitMs,
    prefersIndexes: true,
  });
  const client = temporalClient(
    { address: config.temporalAddress, namespace: config.temporalNamespace },
    process.env,
  );
  const liveEvents = new LiveEvents({ knex, databaseUrl: config.databaseUrl, logger });
  const traced = { name: 'signalsmith-api', warn: (message: string) => logger.warn(message) };
  const tracing = startTracing(traced, process.env);
  let draining = false;
  const app = createApp({
    knex,
    secretKey: secretKeyOf(config),
    inspector: temporalInspector(client),
    launcher: temporalRunLauncher(client),
    schedules: temporalSchedules(client),
    checkTemporal: () => checkTemporal(client),
    temporalUi: temporalUiOf(config.temporalUiUrl, config.temporalNamespace),
    liveEvents,
    logger,
    isDraining: () => draining,
    rateLimits: {
      reads: config.rateLimitReads,
      writes: config.rateLimitWrites,
      triggers: config.rateLimitTriggers,
    },
    registry: processRegistry(knex),
    tracing,
  });
  const served = await serve(app.callback(), config);

  const stop = (reason: string): void => {
    if (draining) return;
    draining = true;
    logger.info({ reason }, 'draining');
    // Event streams would go on for as long as their runs do: their readers come back, to another server.
    void Promise.all([liveEvents.close(), served.drain()])
      // HTTP first: queries of open requests still need their connections.
      .then(() => Promise.all([knex.destroy(), client.connection.close(), tracing.close()]))
      .finally(() => process.exit(0));
  };
  process.once('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  // Whoever started us is gone, perhaps killed: nobody would ever stop us.
  process.once('disconnect', () => stop('parent gone'));
  logger.info({ url: served.url }, 'listening');
  process.send?.({ type: 'ready', url: served.url });
}

function sentenceOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'The port is taken: set PORT to a free one.';
  if (code === 'EACCES') return 'The port may not be used by this user: set PORT to one above 1023.';
  return error instanceof ConfigError ? error.message : `The API could not start: ${message}`;
}

Promise.resolve()
  .then(() => main(loadServiceConfig(process.env)))
  .catch((error: unknown) => {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exit(1);
  });
