// Owns the way of a model's rows past the snapshot into the journal: in one pass, or range by range of their keys.
import { ConnectorFailure } from '../../connectors/connector-failure';
import type { ModelStream } from '../../connectors/source';
import type { PinnedConfig } from '../../db/configuration/pinned-config';
import { appendJournalBatch } from '../../db/ledger/journal-store';
import type { Fence } from '../../db/runs/lease';
import type { SnapshotPin } from '../../db/snapshot/snapshot-store';
import { giveBack } from '../../diff/bytes/give-back';
import { encoderVersion } from '../../diff/hasher';
import type { JournalBatch } from '../../diff/journal-batch';
import { keyRanges } from '../../diff/keys/key-range';
import type { PackedSnapshot } from '../../diff/snapshot/packed-snapshot';
import { Passes } from '../../diff/sieve/passes';
import { Sieve } from '../../diff/sieve/sieve';
import type { SievePass, SieveResult } from '../../diff/sieve/sieve-input';
import { failureOf } from '../../domain/failure';
import { columnOrder } from '../../domain/sync';
import type { Attempt } from '../attempt/attempt';
import type { ActivityDeps } from '../deps';
import { loadSnapshot } from '../load-snapshot';
import { writeBehind } from './write-behind';

// While one batch is made durable the next ones are sent, and the source is read on: at most three megabytes.
const batchesAtOnce = 2;

/** A model to sift and what it is compared with. */
export interface Sifting {
  readonly fence: Fence;
  readonly config: PinnedConfig;
  readonly pin: SnapshotPin;
  /** How often the model is read: a power of two. */
  readonly passes: number;
}

/** What all passes came to, and how many rows the snapshot has. */
export interface Sifted extends Omit<SieveResult, 'linesSeen' | 'keySum'> {
  readonly snapshotRows: number;
}

/**
 * Reads the stream as often as there are passes and journals what differs. The first part of the snapshot is loaded while
 * the stream is opened. Throws when a pass has other rows than the source says, other ones than the passes before, or more
 * than the sync allows. Nothing is loaded any more when it ends, however it ends.
 */
export async function siftModel(
  deps: ActivityDeps,
  sifting: Sifting,
  opening: Promise<ModelStream>,
  attempt: Attempt,
): Promise<Sifted> {
  const { fence, config, pin } = sifting;
  const ranges = keyRanges(sifting.passes);
  const journal = writeBehind<JournalBatch>(batchesAtOnce, async (batch) => {
    await appendJournalBatch(deps.knex, fence, batch);
    giveBack(batch.data, batch.index);
  });
  const passes = new Passes();
  let snapshotRows = 0;
  for (const range of ranges) {
    const isFirst = range === ranges[0];
    const stop = new AbortController();
    const stopped = AbortSignal.any([attempt.signal, stop.signal]);
    const loading = loadSnapshot(deps.knex, config.syncId, pin, stopped, range);
    try {
      const [stream, snapshot] = await Promise.all([opening, loading]);
      const pass = ranges.length === 1 ? null : passes.next(range);
      const sieve = sieveFor(deps, sifting, snapshot, pass, (batch) => journal.add(batch));
      const chunks = isFirst ? stream.chunks : stream.nextPass();
      passes.add(await sift(stream, chunks, sieve, passes.linesRead, config.sync.settings.maxRows, attempt));
      if (!passes.agree) throw otherRows();
      snapshotRows += snapshot.liveRows;
    } finally {
      // Also when the source could not be opened: the run's memory is given to others once this is left. A failure to load
      // was thrown above, or came second.
      stop.abort();
      await loading.then((snapshot) => snapshot.release()).catch(() => undefined);
    }
  }
  if (!passes.isWhole) throw otherRows();
  await journal.finish();
  return { ...passes.result(), snapshotRows };
}

function sieveFor(
  deps: ActivityDeps,
  { config, pin }: Sifting,
  snapshot: PackedSnapshot,
  pass: SievePass | null,
  onBatch: (batch: JournalBatch) => Promise<void>,
): Sieve {
  return new Sieve({
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
    ...(pass ? { pass } : {}),
    onBatch,
  });
}

async function sift(
  stream: ModelStream,
  chunks: AsyncIterable<Buffer>,
  sieve: Sieve,
  linesBefore: number,
  maxRows: number | null,
  attempt: Attempt,
): Promise<SieveResult> {
  for await (const chunk of chunks) {
    attempt.signal.throwIfAborted();
    const handedOver = sieve.push(chunk);
    if (handedOver) await handedOver;
    // Of several passes their own lines, so that it grows from pass to pass and ends at the model's.
    attempt.progress.rows_read = linesBefore + sieve.linesRead;
    if (maxRows !== null && sieve.linesSeen > maxRows) {
      throw new ConnectorFailure(
        failureOf('out_of_memory', `the model returns more than the ${maxRows} rows this sync allows`),
      );
    }
  }
  attempt.signal.throwIfAborted();
  const result = await sieve.finish();
  if (result.linesSeen !== stream.rowCount()) {
    const counts = `${result.linesSeen} of ${stream.rowCount()} rows`;
    throw new ConnectorFailure(failureOf('source_connection_failed', `only ${counts} arrived`));
  }
  return result;
}

/** With rows that come in one pass and not in another, some would be taken for vanished and some taken twice. */
function otherRows(): ConnectorFailure {
  const what = 'the model gives other rows each time it is read, also within one transaction';
  const why = 'and it is too large for SIEVE_MEMORY to be read only once';
  const cure = 'give it an ORDER BY that leaves no ties, or the worker more SIEVE_MEMORY';
  return new ConnectorFailure(failureOf('model_query_failed', `${what}, ${why}; ${cure}`));
}
