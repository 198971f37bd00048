// Owns the scenario of a PostgreSQL that is killed in the middle of a run while users keep asking and writing (D3).
import { setTimeout as sleep } from 'node:timers/promises';
import { isTimely, resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { askSyncs, probe } from '../place/probes';
import { waitFor } from '../place/wait-for';

const forms = {
  short: { kills: 1, rows: 2_000, mostDownMs: 500 },
  full: { kills: 10, rows: 100_000, mostDownMs: 3_000 },
};
const latencyMs = 200;
const healthyLimitMs = 10_000;
const answerLimitMs = 5_000;

export const postgresKills: Scenario = {
  ids: ['D3'],
  async run({ place, ledgers, form, random, say }) {
    const { kills, rows, mostDownMs } = forms[form];
    const ledger = ledgers.add('writes', 'upsert');
    ledger.latencyMs = latencyMs;
    const sync = await ChaosSync.make(place, { name: 'people', rows, ledger });
    const runId = await sync.trigger();
    // Writes that were answered with 201 while the server came and went: each has to be there in the end.
    const acknowledged: string[] = [];
    let written = 0;
    const reading = probe(askSyncs(place));
    const writing = probe(
      () => place.send('POST', '/api/v1/sources', sourceNamed(place.outsideUrl('warehouse'), (written += 1))),
      ({ status, body }) => {
        if (status === 201) acknowledged.push(String(body.id));
      },
    );
    const healthy: number[] = [];
    for (let killed = 0; killed < kills; killed += 1) {
      const before = ledger.calls.length;
      await waitFor('calls between two kills', 60_000, () => (ledger.calls.length > before ? true : null));
      await sleep(random.between(0, 1_500));
      await place.killPostgres();
      await sleep(random.between(0, mostDownMs));
      await place.startPostgres();
      const backAtMs = performance.now();
      await waitFor('readyz', 60_000, async () =>
        (await place.send('GET', '/readyz')).status === 200 ? true : null,
      );
      healthy.push(performance.now() - backAtMs);
      say(
        `kill ${killed + 1}: ready ${Math.round(healthy.at(-1) ?? 0)} ms after its return, ${ledger.rows.size} rows there`,
      );
    }
    const run = await sync.ended(runId, 180_000);
    const [reads, writes] = [await reading.stop(), await writing.stop()];
    const kept = await place.ask<{ id: string }>('SELECT id FROM sources');
    const ids = new Set(kept.map(({ id }) => id));
    const lostWrites = acknowledged.filter((id) => !ids.has(id)).length;
    const lost = (await sync.differences()).length;
    const slowest = Math.max(reads.slowestMs, writes.slowestMs);
    const wrong = [...reads.wrong, ...writes.wrong];
    const ends = place.programs.unaskedEnds;
    return [
      resultOf(
        {
          id: 'D3',
          fault: `PostgreSQL SIGKILLed ${kills} times in a run of ${rows} rows`,
          expected:
            '0 acknowledged writes lost; 503 problem+json with Retry-After, no answer > 5 s; no exit; healthy <= 10 s',
        },
        [
          { text: `${run.status} ${run.failure?.message ?? ''}`.trim(), holds: run.status === 'completed' },
          { text: `${lost} rows lost or wrong`, holds: lost === 0 },
          {
            text: `counters ${run.rows_created}/${run.rows_updated}, ledger ${ledger.created}/${ledger.updated}`,
            holds: run.rows_created === ledger.created && run.rows_updated === ledger.updated,
          },
          { text: `mismatch ${run.summary.counter_mismatch}`, holds: run.summary.counter_mismatch === 0 },
          {
            text: `${lostWrites} of ${acknowledged.length} acknowledged writes lost`,
            holds: lostWrites === 0,
          },
          {
            text: `${reads.asked + writes.asked} calls, ${reads.unavailable + writes.unavailable} times 503`,
            holds: true,
          },
          { text: `slowest answer ${slowest} ms`, holds: isTimely(form, slowest, answerLimitMs) },
          { text: `other answers: ${wrong.join(', ') || 'none'}`, holds: wrong.length === 0 },
          { text: `processes that exited: ${ends.join(', ') || 'none'}`, holds: ends.length === 0 },
          {
            text: `ready at most ${Math.round(Math.max(...healthy))} ms after its return`,
            holds: isTimely(form, Math.max(...healthy), healthyLimitMs),
          },
        ],
      ),
    ];
  },
};

function sourceNamed(url: string, at: number): object {
  return { name: `written ${at}`, kind: 'postgres', config: { url } };
}
