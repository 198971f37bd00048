// What Temporal's SDK logs through a worker: a line of JSON each, whatever an error holds.
import { Writable } from 'node:stream';
import { ApplicationFailure } from '@temporalio/common';
import { pino } from 'pino';
import { sdkLogger } from '../../worker/sdk-logger';

function logger() {
  let text = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const lines = (): unknown[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { log: sdkLogger(pino({ name: 'worker' }, sink)), lines, text: () => text };
}

test('an error is one line with its words and its code, and none of its further properties', () => {
  const { log, lines, text } = logger();
  const forged = 'broken\n{"level":60,"msg":"forged"}';
  const inner = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (id)=(canary) exists',
  });
  const error = Object.assign(new Error(forged, { cause: inner }), { row: 'canary', where: 'canary' });
  log.warn('Activity failed', { workflowId: 'run_1', attempt: 2, error });
  expect(lines()).toEqual([
    {
      level: 40,
      time: expect.any(Number),
      pid: expect.any(Number),
      hostname: expect.any(String),
      name: 'worker',
      msg: 'Activity failed',
      workflowId: 'run_1',
      attempt: 2,
      error: {
        name: 'Error',
        message: forged,
        cause: { name: 'Error', message: 'duplicate key', code: '23505' },
        stack: expect.stringContaining('sdk-logger.test'),
      },
    },
  ]);
  expect(text()).not.toContain('canary');
});

test('a failure tells its code; what is less than a warning is not told', () => {
  const { log, lines } = logger();
  log.info('Worker state changed', { state: 'RUNNING' });
  log.error('Activity failed', {
    error: ApplicationFailure.create({
      message: 'Source connection failed: timeout',
      type: 'source_connection_failed',
      details: ['canary'],
    }),
  });
  expect(lines()).toMatchObject([
    { level: 50, error: { name: 'ApplicationFailure', type: 'source_connection_failed' } },
  ]);
  expect(JSON.stringify(lines())).not.toContain('canary');
});
