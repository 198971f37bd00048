import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { randomBytes } from 'node:crypto';
import { zeroCounts } from '../../../domain/counts';
import { type SyncRunInput, workflowNames, workQueueOf } from '../../../workflows/messages';
import { testServers } from '../../support/servers';

// With stand-ins for the activities: nothing else makes a slice end in the very moment in which its cancel arrives.
test('a cancel that arrives as a slice ends is not lost to the new execution of a long run', async () => {
  const { temporalAddress, bundlePath } = testServers();
  if (!Runtime._instance) Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const client = new Client({ connection: await Connection.connect({ address: temporalAddress }) });
  const runId = `run-${randomBytes(6).toString('hex')}`;
  const handle = client.workflow.getHandle(runId);
  const endings: string[] = [];
  let slices = 0;

  const common = {
    connection,
    maxHeartbeatThrottleInterval: '100ms' as const,
    activities: {
      queueRun: async () => ({ runId, admitted: true, closed: false, cancelRequested: false }),
      startRun: async () => ({ admitted: true, budgetEndsAtMs: Date.now() + 600_000, patienceSeconds: 600 }),
      queryModel: async () => ({ rowsRead: 1, changed: 1 }),
      detectChanges: async () => ({ creates: 1, updates: 0, deletes: 0, batches: 1 }),
      writeChanges: async () => {
        slices += 1;
        if (slices > 1) return { done: true, pauseMs: 0, progressed: true };
        // 4 MB of history are the server's limit for its advice to continue as new.
        for (let sent = 0; sent < 5; sent += 1) await handle.signal('handOff', 'x'.repeat(1_000_000));
        await handle.cancel();
        const { cancellationSignal, heartbeat } = Context.current();
        while (!cancellationSignal.aborted) {
          heartbeat();
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        return { done: false, pauseMs: 0, progressed: true };
      },
      closeRun: async ({ kind }: { kind: string }) => {
        endings.push(kind);
        return { status: kind, outcome: 'partial', counts: zeroCounts, failure: null, next: null };
      },
    },
  };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: runId, workflowBundle: { codePath: bundlePath } }),
    Worker.create({ ...common, taskQueue: workQueueOf(runId) }),
  ]);
  const [worker, atWork] = workers;
  try {
    const running = atWork.run();
    await worker.runUntil(async () => {
      const input: SyncRunInput = {
        workspaceId: 'ws',
        syncId: 'sync',
        runId,
        trigger: 'api',
        kind: 'normal',
      };
      await client.workflow.start(workflowNames.syncRun, {
        taskQueue: runId,
        workflowId: runId,
        args: [input],
      });
      await expect(handle.result()).rejects.toThrow();
    });
    atWork.shutdown();
    await running;
    expect(endings).toEqual(['cancelled']);
    expect(slices).toBe(1);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  } finally {
    await client.connection.close();
    await connection.close();
  }
});
