/* An API in a process of its own, over the compiled sources, that dies where a test says. Options come as the first message. */
'use strict';

const { createApp } = require('../../../dist/api/create-app');
const { createLogger } = require('../../../dist/api/create-logger');
const { serve } = require('../../../dist/api/serve');
const { connect } = require('../../../dist/db/connect');

// The test is gone: nobody would end this process otherwise.
process.on('disconnect', () => process.exit(1));

process.once('message', (options) => {
  run(options).catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
});

async function run({ databaseUrl, secretKey, diesAtStart }) {
  const app = createApp({
    knex: connect(databaseUrl, { poolSize: 3 }),
    secretKey: Buffer.from(secretKey, 'hex'),
    inspector: { inspect: () => Promise.reject(new Error('not asked in this test')) },
    launcher: {
      // What is written is committed, and the caller has no answer yet.
      start: async () => {
        if (diesAtStart) process.kill(process.pid, 'SIGKILL');
        await new Promise((resolve) => setImmediate(resolve));
      },
    },
    schedules: {},
    checkTemporal: async () => undefined,
    temporalUi: null,
    logger: createLogger('silent'),
    isDraining: () => false,
  });
  const served = await serve(app.callback(), { host: '127.0.0.1', port: 0 });
  process.send({ url: served.url });
}
