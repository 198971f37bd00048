// Owns the query phase: the model's result streamed past the snapshot, what differs written to the run's journal.
import type { ModelStream, Source } from '../connectors/source';
import { loadPinnedConfig, type PinnedConfig } from '../db/configuration/pinned-config';
import type { Database } from '../db/connect';
import { openJournal, publishedJournal, publishJournal } from '../db/ledger/journal-store';
import type { Fence } from '../db/runs/lease';
import { beginUnpublished, endPhase } from '../db/runs/run-phases';
import { markAllUnsure, pinSnapshot, type SnapshotPin } from '../db/snapshot/snapshot-store';
import { hashName } from '../diff/hasher';
import { columnOrder } from '../domain/sync';
import type { Setback } from '../domain/setback';
import { type Attempt, inAttempt, type PhaseInput } from './attempt/attempt';
import type { ActivityDeps } from './deps';
import { foldWhenDue } from './query/fold-snapshot';
import { snapshotNeed } from './memory/memory-needs';
import { type Sifted, siftModel } from './query/sift-model';
import { orSetback } from './attempt/or-setback';
import { Stopwatch } from './attempt/stopwatch';
import { orComeAgain, withSieveMemory } from './memory/with-sieve-memory';

/** What the workflow needs to know of a model that was read: counts only. */
export interface ModelRead {
  readonly rowsRead: number;
  readonly changed: number;
}

interface Opened {
  readonly fence: Fence;
  readonly config: PinnedConfig;
  readonly pin: SnapshotPin;
}

export function queryModelActivity(deps: ActivityDeps) {
  return ({ runId, stretch }: PhaseInput): Promise<ModelRead | { setback: Setback }> =>
    inAttempt(deps, { runId, hasPulse: true }, async (attempt) => {
      const open = await openAttempt(deps, runId, attempt);
      if (!('fence' in open)) return open;
      return orComeAgain(stretch, async () => {
        const opened = { ...open, pin: await foldWhenDue(deps, open.fence, open.pin, attempt.signal) };
        // Nothing that was read is kept when the query breaks; but its time was work from when the source took it.
        const working = new Stopwatch();
        const told = { progressed: () => false, workedMs: () => working.elapsedMs };
        const tried = { place: opened.fence, stretch, signal: attempt.signal, ...told };
        const { ranges, bytes } = snapshotNeed(opened.pin.rows, deps.sieveMemory.limitBytes);
        return withSieveMemory(deps, opened.fence, bytes, attempt.signal, () =>
          orSetback(deps, tried, () => readModel(deps, opened, ranges, attempt, working)),
        );
      });
    });
}

async function readBefore(knex: Database, runId: string): Promise<ModelRead> {
  const journal = await publishedJournal(knex, runId);
  if (!journal) throw new Error(`run ${runId} has lost its published journal`);
  return { rowsRead: journal.linesRead, changed: journal.journalled };
}

/** One transaction: fence older attempts, pin the snapshot, open this attempt's journal. */
async function openAttempt(deps: ActivityDeps, runId: string, attempt: Attempt): Promise<Opened | ModelRead> {
  return deps.knex.transaction(async (trx) => {
    const fence = await beginUnpublished(trx, runId, 'query', attempt);
    if (!fence) return readBefore(trx, runId);
    const config = await loadPinnedConfig(trx, runId);
    // Asked again now that no older attempt can publish: folding would take away the snapshot its journal rests on.
    if (config.published.journal) {
      await endPhase(trx, runId, 'query');
      return readBefore(trx, runId);
    }
    const identity = {
      hash: hashName,
      keyColumns: config.rowKey,
      keyTypes: config.rowKey.map(
        (name) => config.columns.find((column) => column.name === name)?.type ?? '',
      ),
      keyMatch: config.sync.settings.keyMatch,
      destinationId: config.destinationId,
      object: { ...config.sync.object },
    };
    const mustExist = config.sync.mode === 'insert';
    const pin = await pinSnapshot(trx, fence, identity, mustExist, config.kind === 'dry_run');
    await openJournal(trx, fence);
    const lastDelta = config.kind === 'full_resync' ? await markAllUnsure(trx, fence) : pin.lastDelta;
    return { fence, config, pin: { ...pin, lastDelta } };
  });
}

async function readModel(
  deps: ActivityDeps,
  opened: Opened,
  passes: number,
  attempt: Attempt,
  working: Stopwatch,
): Promise<ModelRead> {
  const { config } = opened;
  const source = await deps.openSource(config.workspaceId, config.sourceId);
  try {
    const opening = openStream(source, config, passes, attempt.signal).then((stream) => {
      working.start();
      return stream;
    });
    const sifted = await siftModel(deps, { ...opened, passes }, opening, attempt);
    await publish(deps, opened, passes, await opening, sifted);
    return { rowsRead: sifted.linesRead, changed: sifted.journalled };
  } finally {
    await source.close();
  }
}

function openStream(
  source: Source,
  config: PinnedConfig,
  passes: number,
  signal: AbortSignal,
): Promise<ModelStream> {
  return source.read(
    {
      sql: config.sql,
      columns: columnOrder(config.rowKey, config.sync.mapping).map((pair) => pair.column),
      timeoutSeconds: config.sync.settings.queryTimeoutSeconds,
      passes,
    },
    signal,
  );
}

async function publish(
  deps: ActivityDeps,
  { fence, pin, config }: Opened,
  passes: number,
  stream: ModelStream,
  result: Sifted,
): Promise<void> {
  // Marks say which journalled copies are refused and which rows vanished; without either nobody reads them.
  const needed = result.journalled > 0 || (config.sync.mode === 'mirror' && result.unseen > 0);
  await publishJournal(deps.knex, fence, {
    columns: stream.columns,
    snapshotVersion: pin.version,
    snapshotDelta: pin.lastDelta,
    snapshotRows: result.snapshotRows,
    linesRead: result.linesRead,
    unchanged: result.unchanged,
    skipped: result.skipped,
    journalled: result.journalled,
    unseen: result.unseen,
    passes,
    marks: needed ? Buffer.from(result.marks.buffer, result.marks.byteOffset, result.marks.byteLength) : null,
  });
}
