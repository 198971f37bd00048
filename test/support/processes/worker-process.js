/* A worker in a process of its own, over the compiled sources, for tests that kill it. Options come as the first message. */
'use strict';

const { DefaultLogger, NativeConnection, Runtime } = require('@temporalio/worker');
const { connect } = require('../../../dist/db/connect');
const { createWorker } = require('../../../dist/worker/create-worker');

// The test is gone: nobody would end this process otherwise.
process.on('disconnect', () => process.exit(1));

process.once('message', (options) => {
  run(options).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});

async function run({
  databaseUrl,
  secretKey,
  temporalAddress,
  bundlePath,
  taskQueue,
  sieveMemoryBytes,
  allowedInside,
  shutdownGraceMs,
}) {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const worker = await createWorker({
    knex: connect(databaseUrl, { poolSize: 20 }),
    secretKey: Buffer.from(secretKey, 'hex'),
    connection,
    namespace: 'default',
    bundlePath,
    log: { warn: () => undefined },
    taskQueue,
    sieveMemoryBytes,
    allowedInside,
    shutdownGraceMs,
  });
  process.send('ready');
  process.once('SIGTERM', () => worker.shutdown());
  await worker.run();
  process.exit(0);
}
