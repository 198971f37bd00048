// Owns the process that serves the baseline E: a worker as the product's, with nothing in it.
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { projectRoot } from '../../scripts/launcher/project-root';
import { emptyQueue } from './empty-workflow';

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(projectRoot, 'bench', 'baselines', 'empty-workflow.ts'),
    logger: new DefaultLogger('WARN'),
  });
  const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
  const worker = await Worker.create({
    connection,
    taskQueue: emptyQueue,
    workflowBundle: { code },
    activities: { empty: () => Promise.resolve() },
  });
  process.once('SIGTERM', () => worker.shutdown());
  const running = worker.run();
  process.send?.({ type: 'ready' });
  await running;
  await connection.close();
  if (process.connected) process.disconnect();
}

main().catch((error: unknown) => {
  process.stderr.write(`The empty worker cannot start: ${String(error)}\n`);
  process.exit(1);
});
