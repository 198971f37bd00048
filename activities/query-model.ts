// Owns the query phase: the model's result streamed past the snapshot, what differs written to the run's journal.
import { ConnectorFailure } from '../connectors/connector-failure';
import type { ModelStream, Source } from '../connectors/source';
import { loadPinnedConfig, type PinnedConfig } from '../db/configuration/pinned-config';
import type { Database } from '../db/connect';
import {
  appendJournalBatch,
  openJournal,
  publishedJournal,
  publishJournal,
} from '../db/ledger/journal-store';
import type { Fence } from '../db/runs/lease';
import { beginUnpublished, endPhase } from '../db/runs/run-phases';
import { markAllUnsure, pinSnapshot, type SnapshotPin } from '../db/snapshot/snapshot-store';
import { encoderVersion, hashName } from '../diff/hasher';
import type { JournalBatch } from '../diff/journal-batch';
import { Sieve, type SieveResult } from '../diff/sieve';
import { failureOf } from '../domain/failure';
import { columnOrder } from '../domain/sync';
import type { Setback } from '../domain/setback';
import { type Attempt, inAttempt, type PhaseInput } from './attempt';
import type { ActivityDeps } from './deps';
import { foldWhenDue } from './fold-snapshot';
import { loadSnapshot } from './load-snapshot';
import { orSetback } from './or-setback';
import { Stopwatch } from './stopwatch';
import { writeBehind } from './write-behind';

// While one batch is made durable the next ones are sent, and the source is read on: at most three megabytes.
const batchesAtOnce = 2;

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
      const opened = { ...open, pin: await foldWhenDue(deps, open.fence, open.pin, attempt.signal) };
      // Nothing that was read is kept when the query breaks; but its time was work from when the source took it.
      const working = new Stopwatch();
      const told = { progressed: () => false, workedMs: () => working.elapsedMs };
      const tried = { place: opened.fence, stretch, signal: attempt.signal, ...told };
      return orSetback(deps, tried, () => readModel(deps, opened, attempt, working));
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
  attempt: Attempt,
  working: Stopwatch,
): Promise<ModelRead> {
  const { config, pin, fence } = opened;
  const source = await deps.openSource(config.workspaceId, config.sourceId);
  const loading = loadSnapshot(deps.knex, config.syncId, pin, attempt.signal);
  try {
    const opening = openStream(source, config, attempt.signal).then((stream) => {
      working.start();
      return stream;
    });
    const [stream, snapshot] = await Promise.all([opening, loading]);
    const journal = writeBehind<JournalBatch>(batchesAtOnce, (batch) =>
      appendJournalBatch(deps.knex, fence, batch),
    );
    const sieve = new Sieve({
      hasher: deps.hasher,
      snapshot,
      keyColumns: config.rowKey.length,
      keyMatch: config.sync.settings.keyMatch,
      mode: config.sync.mode,
      fingerprintSeed: deps.hasher.fingerprintSeed(
        columnOrder(config.rowKey, config.sync.mapping),
        encoderVersion,
      ),
      offerMissing: pin.missingDue || config.kind === 'full_resync',
      onBatch: (batch) => journal.add(batch),
    });
    const result = await sift(stream, sieve, config.sync.settings.maxRows, attempt);
    await journal.finish();
    await publish(deps, opened, stream, result, snapshot.liveRows);
    return { rowsRead: result.linesRead, changed: result.journalled };
  } finally {
    // Also when the source could not be opened: what was being loaded is given back. A failure to load was thrown above,
    // or came second.
    void loading.then((snapshot) => snapshot.release()).catch(() => undefined);
    await source.close();
  }
}

function openStream(source: Source, config: PinnedConfig, signal: AbortSignal): Promise<ModelStream> {
  return source.read(
    {
      sql: config.sql,
      columns: columnOrder(config.rowKey, config.sync.mapping).map((pair) => pair.column),
      timeoutSeconds: config.sync.settings.queryTimeoutSeconds,
    },
    signal,
  );
}

async function sift(
  stream: ModelStream,
  sieve: Sieve,
  maxRows: number | null,
  attempt: Attempt,
): Promise<SieveResult> {
  for await (const chunk of stream.chunks) {
    const handedOver = sieve.push(chunk);
    if (handedOver) await handedOver;
    attempt.progress.rows_read = sieve.linesRead;
    if (maxRows !== null && sieve.linesRead > maxRows) {
      throw new ConnectorFailure(
        failureOf('out_of_memory', `the model returns more than the ${maxRows} rows this sync allows`),
      );
    }
  }
  attempt.signal.throwIfAborted();
  const result = await sieve.finish();
  if (result.linesRead !== stream.rowCount()) {
    const counts = `${result.linesRead} of ${stream.rowCount()} rows`;
    throw new ConnectorFailure(failureOf('source_connection_failed', `only ${counts} arrived`));
  }
  return result;
}

async function publish(
  deps: ActivityDeps,
  { fence, pin, config }: Opened,
  stream: ModelStream,
  result: SieveResult,
  snapshotRows: number,
): Promise<void> {
  // Marks say which journalled copies are refused and which rows vanished; without either nobody reads them.
  const needed = result.journalled > 0 || (config.sync.mode === 'mirror' && result.unseen > 0);
  await publishJournal(deps.knex, fence, {
    columns: stream.columns,
    snapshotVersion: pin.version,
    snapshotDelta: pin.lastDelta,
    snapshotRows,
    linesRead: result.linesRead,
    unchanged: result.unchanged,
    skipped: result.skipped,
    journalled: result.journalled,
    unseen: result.unseen,
    marks: needed ? Buffer.from(result.marks.buffer, result.marks.byteOffset, result.marks.byteLength) : null,
  });
}
