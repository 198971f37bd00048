// Owns the scenario of a Temporal that is gone for a minute while runs work and users trigger and cancel (D5).
import { setTimeout as sleep } from 'node:timers/promises';
import { isTimely, resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { misfitFacts, misfits } from './double-starts';
import { waitFor } from '../place/wait-for';

const forms = {
  short: { goneMs: 4_000, rows: 4_000, others: 2 },
  full: { goneMs: 60_000, rows: 100_000, others: 10 },
};
const latencyMs = 150;
const startLimitMs = 30_000;
// A client is connected again within two seconds, the reconciler's round comes within two and a half
// (worker/reconciler/reconciler.ts), and from then on it is a cancel like any other: five.
const cancelLimitMs = 9_500;
// The deadline of a start, and the statement before it.
const answerLimitMs = 8_000;

export const temporalOutage: Scenario = {
  ids: ['D5'],
  async run({ place, ledgers, form, say }) {
    const { goneMs, rows, others } = forms[form];
    const ledger = ledgers.add('working', 'upsert');
    ledger.latencyMs = latencyMs;
    const working = await ChaosSync.make(place, { name: 'working', rows, ledger });
    // To be cancelled while Temporal is away: slow enough to be still at it afterwards.
    const slowLedger = ledgers.add('slow', 'upsert');
    slowLedger.latencyMs = 2_000;
    const cancelled = await ChaosSync.make(place, { name: 'slow', rows, ledger: slowLedger });
    const waiting: ChaosSync[] = [];
    for (let at = 0; at < others; at += 1)
      waiting.push(
        await ChaosSync.make(place, {
          name: `other_${at}`,
          rows: 50,
          ledger: ledgers.add(`other-${at}`, 'upsert'),
        }),
      );
    const [runId, cancelId] = [await working.trigger(), await cancelled.trigger()];
    for (const each of [ledger, slowLedger])
      await waitFor('the first calls', 60_000, () => (each.calls.length > 0 ? true : null));

    say(`Temporal is gone for ${goneMs} ms`);
    const goneAtMs = performance.now();
    await place.killTemporal();
    const replies = await Promise.all(
      waiting.map(({ id }) => place.send('POST', `/api/v1/syncs/${id}/trigger`)),
    );
    const cancel = await place.send('POST', `/api/v1/syncs/${cancelled.id}/runs/${cancelId}/cancel`);
    await sleep(Math.max(0, goneMs - (performance.now() - goneAtMs)));
    await place.startTemporal();
    const [backAtMs, backAt] = [performance.now(), new Date()];
    const accepted = replies.filter(({ status }) => status === 202).map(({ body }) => String(body.id));
    const started = await waitFor('the start of the queued runs', startLimitMs * 5, async () => {
      const [left] = await place.ask<{ n: number }>(
        'SELECT count(*)::int AS n FROM runs WHERE id = ANY($1) AND started_at IS NULL',
        [accepted],
      );
      return left?.n === 0 ? performance.now() - backAtMs : null;
    }).catch(() => Number.POSITIVE_INFINITY);
    const cancelEnd = await waitFor('the end of the cancelled run', startLimitMs * 5, async () => {
      const run = await cancelled.look(cancelId);
      return run === null || run.status === 'running' ? null : run;
    }).catch(() => null);
    const [cancelTook] = await place.ask<{ ms: number | null }>(
      'SELECT (extract(epoch FROM completed_at - $2::timestamptz) * 1000)::int AS ms FROM runs WHERE id = $1',
      [cancelId, backAt],
    );
    const cancelMs = cancelTook?.ms ?? Number.POSITIVE_INFINITY;
    const run = await working.ended(runId, 180_000);
    for (const [at, id] of accepted.entries())
      await (waiting[at] as ChaosSync).ended(id, 30_000).catch(() => null);
    const found = await misfits(place, [working, cancelled, ...waiting]);
    const lost = (await working.differences()).length;
    const slowest = Math.max(...replies.map(({ tookMs }) => tookMs));
    const ends = place.programs.unaskedEnds;
    return [
      resultOf(
        {
          id: 'D5',
          fault: `Temporal gone ${goneMs / 1000} s in a run; ${others} triggers and a cancel meanwhile`,
          expected:
            'triggers 202; queued runs start <= 30 s after its return, a cancel ends its run <= 9.5 s; no double start, no orphan',
        },
        [
          { text: `${accepted.length} of ${others} triggers 202`, holds: accepted.length === others },
          { text: `slowest answer ${slowest} ms`, holds: isTimely(form, slowest, answerLimitMs) },
          {
            text: `all started ${(started / 1000).toFixed(1)} s after its return`,
            holds: isTimely(form, started, startLimitMs),
          },
          { text: `${run.status} ${run.failure?.message ?? ''}`.trim(), holds: run.status === 'completed' },
          { text: `${lost} rows lost or wrong`, holds: lost === 0 },
          {
            text: `cancel answered ${cancel.status}, ${cancelEnd?.status ?? 'still running'} ${(cancelMs / 1000).toFixed(1)} s after its return`,
            holds:
              cancel.status === 202 &&
              cancelEnd?.status === 'cancelled' &&
              isTimely(form, cancelMs, cancelLimitMs),
          },
          ...misfitFacts(found),
          { text: `processes that exited: ${ends.join(', ') || 'none'}`, holds: ends.length === 0 },
        ],
      ),
    ];
  },
};
