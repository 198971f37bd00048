// Replays workflow histories on the built bundle, and keeps some of them as files named for what they pin.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type History, historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { testServers } from '../servers';

const folder = join(__dirname, '..', '..', 'histories');

export interface NamedHistory {
  readonly name: string;
  readonly history: History;
}

/** The histories that stand in test/histories. */
export function keptHistories(): NamedHistory[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.json$/, ''),
      history: historyFromJSON(JSON.parse(readFileSync(join(folder, file), 'utf8'))),
    }));
}

// Longer payloads are there to make a history long; no run looks into them.
const longestText = 50_000;
const cutPayload = Buffer.from('"cut"').toString('base64');

/** Writes the history down without what tells of the machine it was made on. */
export function keepHistory({ name, history }: NamedHistory): void {
  const withoutMachine = (key: string, value: unknown): unknown => {
    if (['identity', 'stackTrace', 'workerVersion'].includes(key)) return undefined;
    if (typeof value !== 'string') return value;
    // A worker's own task queue, named after its process and its machine.
    if (key === 'name' && /^\d+@/.test(value)) return 'sticky';
    return value.length > longestText ? cutPayload : value;
  };
  const events = JSON.stringify(JSON.parse(historyToJSON(history)), withoutMachine, 1);
  writeFileSync(join(folder, `${name}.json`), `${events}\n`);
}

/** Runs workflow code, today's unless told, over the histories; by name what went wrong, null when nothing did. */
export async function replay(
  histories: readonly NamedHistory[],
  codePath = testServers().bundlePath,
): Promise<Record<string, string | null>> {
  if (!Runtime._instance) {
    // Histories that do not fit are part of the tests; Temporal's core would tell of each in a paragraph.
    const logging = { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} };
    Runtime.install({
      logger: new DefaultLogger('ERROR'),
      shutdownSignals: [],
      telemetryOptions: { logging },
    });
  }
  const results: Record<string, string | null> = {};
  const replays = Worker.runReplayHistories(
    { workflowBundle: { codePath } },
    histories.map(({ name, history }) => ({ workflowId: name, history })),
  );
  for await (const { workflowId, error } of replays) results[workflowId] = error?.name ?? null;
  return results;
}
