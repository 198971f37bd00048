// Owns the HTTP destination: what it promises, its check, and its lanes. Calls and answers are the files' beside it.
import { setMaxListeners } from 'node:events';
import { failureOf } from '../../../domain/failure';
import { inlinePauseMs } from '../../../domain/patience';
import { ConnectorFailure } from '../../connector-failure';
import { type AddressGuard, addressGuard } from '../../address-guard';
import { checkReport, failedReport } from '../../check-report';
import { CallWithheld } from '../../call-withheld';
import type { DeliveryTarget, Destination, Lane } from '../../destination';
import type { Connection } from '../../connection';
import { ownPace, type SharedPace } from '../../shared-pace';
import type { CheckReport } from '../../source';
import { turnOfItsOwn } from '../../turn-of-its-own';
import { batchBody, bodyForm } from './batch/batch-body';
import { callPacer, slotMs } from './calls/call-pacer';
import { callSlots, type Release } from './calls/call-slots';
import { deliverBatch } from './batch/deliver-batch';
import { type HttpConfig, readHttpConfig } from './http-config';
import { httpClient } from '../../http/http-client';
import { type CallScope, type HttpEndpoint } from './calls/http-endpoint';
import { probeAccess } from './calls/probe-access';

// 10 MB: a thousand results of 10 kB each.
const mostAnswerBytes = 10_000_000;
// A key that is refused is refused three times at most, however many calls may be open later: the others begin with the
// first good answer, which costs a round trip a slice.
const callsAtFirst = 3;

// Rows of all lanes together, each of which writes a batch: 16 MiB, as much as four lanes of a PostgreSQL destination
// hold. As much again is fetched ahead, and bodies are somewhat larger than their rows. A lane's share is 2.7 MiB with
// concurrency 3 and 0.5 MiB with 16, still 2,700 rows of 190 bytes.
const laneBytes = 16 * 1024 * 1024;
// More in one call only makes it longer; and what is smaller costs calls without holding much less.
const [leastBatchBytes, mostBatchBytes] = [256 * 1024, 4 * 1024 * 1024];

/** What is not the same everywhere: where calls may go, and what a test may be in a hurry with. */
export interface HttpSurroundings {
  /** Nowhere inside unless told otherwise. */
  readonly guard?: AddressGuard | undefined;
  /**
   * A batch whose call cannot begin by then goes back into the plan: its deadline in the ledger is not to be spent on
   * waiting. Ten seconds unless told otherwise.
   */
  readonly slotWaitMs?: number | undefined;
}

// With a limit on rows a batch holds at most ten seconds of it, so that a cancel or a deadline need not wait longer.
const longestSlotSeconds = 10;

/**
 * Batches of rows as JSON over HTTP. Opens nothing yet; throws destination_misconfigured with every fault of the
 * configuration. It has no transactions: each write takes effect at once. `pace` is shared by all that write to it.
 */
export function httpDestination(
  connection: Connection,
  pace: SharedPace = ownPace(),
  { guard = addressGuard([]), slotWaitMs = inlinePauseMs }: HttpSurroundings = {},
): Destination {
  const config = readHttpConfig(connection);
  const endpoint: HttpEndpoint = {
    config,
    client: httpClient({ connections: config.concurrency, guard, mostAnswerBytes }),
    pacer: callPacer(config, pace),
    slots: callSlots(config.concurrency, callsAtFirst),
  };
  const batchRows = rowsPerBatch(config);
  const mostTurnMs = turnWaitMs(config, batchRows);
  const writeLimitMs = longestWriteMs(config, mostTurnMs);

  return {
    habits: {
      batchRows,
      batchBytes: bytesPerBatch(config),
      lanes: config.concurrency,
      lanesAhead: lanesAhead(config),
      atomicRows: 0,
      // One timeout more: a call given up at the end may still be worked on over there.
      writeDeadlineMs: slotWaitMs + writeLimitMs + config.timeoutMs,
    },
    check: (signal) => checkAccess(endpoint, scopeOf(signal, writeLimitMs, Infinity)),
    async prepare(target, signal) {
      requireFit(target, config);
      endpoint.pacer.resume();
      await probeAccess(endpoint, scopeOf(signal, writeLimitMs, Infinity));
    },
    async openLane(target, signal) {
      signal.throwIfAborted();
      endpoint.pacer.resume();
      await endpoint.pacer.listen();
      const scopeOfCalls = (calls: AbortSignal): CallScope =>
        scopeOf(calls, writeLimitMs, mostTurnMs, signal);
      return openLane(endpoint, target, () => slotOf(endpoint, signal, slotWaitMs), scopeOfCalls);
    },
    fateOf: async () => 'unknown',
    close: () => endpoint.client.close(),
  };
}

function openLane(
  endpoint: HttpEndpoint,
  target: DeliveryTarget,
  takeSlot: () => Promise<Release>,
  scopeOfCalls: (calls: AbortSignal) => CallScope,
): Lane {
  // Nothing to begin, commit or roll back: each call takes effect by itself.
  const nothing = async (): Promise<void> => undefined;
  const form = bodyForm(target, endpoint.config);
  let release: Release = () => undefined;
  return {
    begin: async () => null,
    /** Encodes, waits for a slot, makes the calls. The time of the calls begins with the slot. */
    async write(batch, signal, soFar) {
      await turnOfItsOwn();
      const body = batchBody(batch, form);
      release();
      release = await takeSlot();
      try {
        const answer = await deliverBatch(endpoint, batch, body, scopeOfCalls(signal), soFar);
        release();
        endpoint.client.giveBack(body.body(0, body.rows));
        return answer;
      } catch (error) {
        // Otherwise it is kept until the lane is closed: whoever got it at once would call before he hears of the failure.
        if (error instanceof CallWithheld) release();
        throw error;
      }
    },
    commit: nothing,
    rollback: nothing,
    close: async () => release(),
  };
}

async function slotOf({ slots }: HttpEndpoint, stop: AbortSignal, mostMs: number): Promise<Release> {
  try {
    return await slots.take(stop, mostMs);
  } catch (error) {
    throw stop.aborted ? new CallWithheld(stop.reason) : error;
  }
}

function scopeOf(
  signal: AbortSignal,
  limitMs: number,
  mostTurnMs: number,
  stop: AbortSignal | null = null,
): CallScope {
  // Every lane listens to the run's one signal; more than ten of them are no leak.
  setMaxListeners(0, signal, ...(stop ? [stop] : []));
  const endsAtMs = performance.now() + limitMs;
  const endsAtTime = Date.now() + limitMs;
  return {
    signal,
    stop,
    limitMs,
    endsAtMs,
    endsAtTime,
    mostTurnMs,
    callMs: [],
    mayHaveApplied: false,
    unanswered: false,
  };
}

// As many lanes as calls read, encode and acknowledge while the calls of the others are open: with half as many, slots stood
// empty on two cores. With a pace the calls are what is waited for, and a lane more would only wait with them.
function lanesAhead({ concurrency, rowsPerSecond, requestsPerSecond }: HttpConfig): number {
  return rowsPerSecond === null && requestsPerSecond === null ? concurrency : 0;
}

function bytesPerBatch(config: HttpConfig): number {
  const share = Math.floor(laneBytes / (config.concurrency + lanesAhead(config)));
  return Math.min(mostBatchBytes, Math.max(leastBatchBytes, share));
}

function rowsPerBatch(config: HttpConfig): number {
  if (config.rowsPerSecond === null) return config.batchRows;
  return Math.min(config.batchRows, Math.ceil(config.rowsPerSecond * longestSlotSeconds));
}

// Two timeouts and the quick tries between: the last try may begin just before they end. Then the wait for a turn, when a
// pace is set. Halving takes many calls, and has this time again and again while they are answered.
function longestWriteMs(config: HttpConfig, mostTurnMs: number): number {
  return 2 * config.timeoutMs + inlinePauseMs + mostTurnMs;
}

// The turns of all our lanes, and some of other runs. One that is further off goes back into the plan, like a batch that
// gets no slot.
function turnWaitMs(config: HttpConfig, batchRows: number): number {
  const slot = slotMs(config, batchRows);
  return slot === 0 ? 0 : Math.max(inlinePauseMs, config.concurrency * slot);
}

async function checkAccess(endpoint: HttpEndpoint, scope: CallScope): Promise<CheckReport> {
  endpoint.pacer.resume();
  const { origin, pathname } = new URL(endpoint.config.url);
  const reached = { name: 'connection', ok: true };
  try {
    const status = await probeAccess(endpoint, scope);
    const detail = `${origin}${pathname} answers HEAD with HTTP ${status}. Nothing was written; the first write proves the rest`;
    return checkReport([{ ...reached, detail }]);
  } catch (error) {
    if (!(error instanceof ConnectorFailure) || error.failure.code !== 'destination_auth_expired')
      return failedReport(error);
    const refused = failedReport(error, 'credentials');
    return checkReport([{ ...reached, detail: `${origin}${pathname} answers` }, ...refused.checks]);
  }
}

/** Faults of the target that no call needs to be made for. */
function requireFit(target: DeliveryTarget, config: HttpConfig): void {
  const fields = target.columns.map(({ field }) => field);
  const faults: string[] = [];
  if (target.mode === 'mirror' && config.deleteUrl === null) faults.push('mirror mode needs delete_url');
  const twice = fields.filter((field, at) => fields.indexOf(field) !== at);
  if (twice.length > 0) faults.push(`several columns are mapped to the field "${twice.join('", "')}"`);
  if (config.operationField !== null && fields.includes(config.operationField)) {
    faults.push(`operation_field "${config.operationField}" is also a mapped field`);
  }
  const keyFields = config.results?.keyFields;
  if (keyFields && keyFields.length !== target.keyColumns) {
    faults.push(`key_field names ${keyFields.length} of ${target.keyColumns} row key columns`);
  }
  if (faults.length > 0)
    throw new ConnectorFailure(failureOf('destination_misconfigured', faults.join('; ')));
}
