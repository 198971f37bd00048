// Owns the worker process: configuration, connections, and its end. Composition lies in create-worker.
import { NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';
import { ConfigError, loadServiceConfig, secretKeyOf } from '../config';
import { connect } from '../db/connect';
import { startTracing } from '../telemetry/start-tracing';
import { temporalRunLauncher } from '../temporal/run-launcher';
import { temporalRunStates } from '../temporal/run-state';
import { temporalSchedules } from '../temporal/schedules';
import { connectionOptionsOf, temporalClient } from '../temporal/temporal-client';
import { temporalDeliveryStarter } from '../temporal/delivery-starter';
import { messageLinks } from '../temporal/message-links';
import { temporalUiOf } from '../temporal/web-ui';
import { alertClockWatch, judgeWatch } from './alerts/judge-watch';
import { ringAtClose } from './alerts/ring-at-close';
import { deliveryWatch } from './alerts/watch-deliveries';
import { createWorker } from './create-worker';
import { letHeapGrow } from './heap-growth';
import { letLookupsWait } from './lookup-threads';
import { Bell } from './reconciler/bell';
import { runWatches, scheduleWatches, startReconciler } from './reconciler/reconciler';
import { sdkLogger } from './sdk-logger';
import { rowErrorBlocksWatch } from './upkeep/cut-row-errors';
import { totalsWatch } from './upkeep/fold-totals';
import { oldAlertsWatch } from './upkeep/remove-alerts';
import { historyWatch } from './upkeep/remove-history';
import { keysWatch } from './upkeep/remove-keys';
import { startWorkerTelemetry } from './telemetry/worker-telemetry';
import { previewWatch } from './upkeep/remove-previews';

/**
 * Half an hour, three times as long as Temporal waits for the close of a run, whose statements are the longest there are:
 * they move what tens of millions of rows left behind, and wait for the ledger writes before them. A close that outlives
 * its try still commits, and the next try finds it done; anything shorter could cut honest work, again at every try. It is
 * for a server that is frozen, or a network that swallows what is sent to it. One that is gone is found sooner: by keepalive
 * within a minute when it has taken the statement and its answer is waited for; after a quarter of an hour when it was gone
 * before, as Linux then repeats what it has sent and does not ask (tcp_retries2). A brief activity waits for neither: its
 * next try comes after a minute, on another connection.
 */
const answerLimitMs = 1_800_000;
// A little less: the server gives up first, and lets go of what the statement has locked.
const statementTimeoutMs = 1_700_000;

async function main(): Promise<void> {
  letHeapGrow();
  letLookupsWait();
  const config = loadServiceConfig(process.env);
  if (!config.workflowBundle)
    throw new ConfigError(['WORKFLOW_BUNDLE must be set (npm start sets it by itself)']);
  const log = pino({ name: 'worker', level: config.logLevel });
  // Signals are handled here, once: the runtime's own handling would stop the worker a second time.
  Runtime.install({ logger: sdkLogger(log), shutdownSignals: [] });
  const place = { address: config.temporalAddress, namespace: config.temporalNamespace };
  const connection = await NativeConnection.connect(connectionOptionsOf(place, process.env) ?? {});
  const knex = connect(config.databaseUrl, {
    applicationName: 'signalsmith-worker',
    poolSize: 40,
    answerLimitMs,
    statementTimeoutMs,
  });
  const telemetry = await startWorkerTelemetry({
    knex,
    tracing: startTracing({ name: 'signalsmith-worker', warn: (message) => log.warn(message) }, process.env),
    metricsPlace:
      config.workerMetricsPort === null ? null : { host: config.host, port: config.workerMetricsPort },
    log,
  });
  const bells = { closed: new Bell(), told: new Bell() };
  const worker = await createWorker({
    knex,
    secretKey: secretKeyOf(config),
    connection,
    namespace: config.temporalNamespace,
    bundlePath: config.workflowBundle,
    sieveMemoryBytes: config.sieveMemoryBytes,
    allowedInside: config.allowedInsideAddresses ?? [],
    messageLinks: messageLinks(
      config.publicUrl,
      temporalUiOf(config.temporalUiUrl, config.temporalNamespace),
    ),
    log,
    deliveryWatcher: telemetry.deliveryWatcher,
    interceptors: [...telemetry.interceptors, ringAtClose(bells.closed)],
  });
  const client = temporalClient(place, process.env);
  const parts = { knex, launcher: temporalRunLauncher(client), states: temporalRunStates(client), log };
  const retention = { runDays: config.runRetentionDays, rowErrorDays: config.rowErrorRetentionDays };
  const watches = [
    ...runWatches(parts),
    ...scheduleWatches(parts, temporalSchedules(client)),
    historyWatch(knex, retention, log),
    oldAlertsWatch(knex, config.runRetentionDays),
    rowErrorBlocksWatch(knex),
    keysWatch(knex),
    totalsWatch(knex),
    previewWatch(knex),
    judgeWatch(knex, log, bells),
    alertClockWatch(knex),
    deliveryWatch({ knex, starter: temporalDeliveryStarter(client), told: bells.told }),
  ];
  const reconciler = startReconciler(watches, log);
  const stop = (): void => worker.shutdown();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  // The launcher is gone: nobody would stop this process otherwise.
  process.on('disconnect', stop);
  const running = worker.run();
  log.info({ temporal: config.temporalAddress, namespace: config.temporalNamespace }, 'polling');
  process.send?.({ type: 'ready' });
  await running;
  await reconciler.stop();
  await telemetry.close();
  await client.connection.close();
  await knex.destroy();
  await connection.close();
  if (process.connected) process.disconnect();
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The worker cannot start: ${message}\n`);
  process.exit(1);
});
