// Owns the scenario of a destination that takes the key back in the middle of a run (F5): the run stops at once.
import { resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';

const forms = { short: { rows: 3_000 }, full: { rows: 50_000 } };
const goodCalls = 10;
const latencyMs = 50;
// The promise, and the default number of calls at once: those that are open can be refused together.
const mostRefused = 3;
const manyCalls = 16;

export const expiredKey: Scenario = {
  ids: ['F5'],
  async run({ place, ledgers, form }) {
    const { rows } = forms[form];
    const ledger = ledgers.add('expiring', 'upsert');
    ledger.latencyMs = latencyMs;
    let expired = true;
    ledger.refuse = (calls) => (expired && calls >= goodCalls ? 401 : null);
    const sync = await ChaosSync.make(place, { name: 'expiring', rows, ledger, concurrency: null });
    const run = await sync.ended(await sync.trigger(), 60_000);
    const refused = ledger.calls.filter(({ status }) => status === 401);
    const firstAtMs = refused[0]?.atMs ?? Number.NaN;
    // Those on their way when the first was refused cannot be called back.
    const afterwards = refused.filter(({ atMs }) => atMs > firstAtMs + latencyMs).length;
    expired = false;
    const next = await sync.ended(await sync.trigger(), 60_000);
    const lost = (await sync.differences()).length;
    const neverIn = ledgers.add('expired_before', 'upsert');
    neverIn.latencyMs = latencyMs;
    neverIn.refuse = () => 401;
    const many = { name: 'expired_before', rows, ledger: neverIn, concurrency: manyCalls };
    const refusedSync = await ChaosSync.make(place, many);
    const refusedRun = await refusedSync.ended(await refusedSync.trigger(), 60_000);
    return [
      resultOf(
        {
          id: 'F5',
          fault: `401 after ${goodCalls} calls`,
          expected: 'stops at once, says why, <= 3 calls refused; a later run sends the rest',
        },
        [
          {
            text: `${run.status} ${run.failure?.code ?? ''}: ${run.failure?.message ?? ''}`,
            holds: run.status === 'failed' && run.failure?.code === 'destination_auth_expired',
          },
          {
            text: `${refused.length} refused calls, ${afterwards} of them after the first answer`,
            holds: refused.length >= 1 && refused.length <= mostRefused,
          },
          { text: `${run.rows_created} created`, holds: run.rows_created === goodCalls * 100 },
          { text: `mismatch ${run.summary.counter_mismatch}`, holds: run.summary.counter_mismatch === 0 },
          {
            text: `${manyCalls} calls at once with a key that was refused from the beginning: ${refusedRun.failure?.code ?? ''} after ${neverIn.calls.length}`,
            holds:
              refusedRun.failure?.code === 'destination_auth_expired' && neverIn.calls.length <= mostRefused,
          },
          { text: `then ${next.status}, ${lost} lost`, holds: next.status === 'completed' && lost === 0 },
        ],
      ),
    ];
  },
};
