// A cancel against a run's end, at every moment of the run. CHAOS_RACES sets how many races; `npm test` runs a few.
import { aRace, raceRows, runRace, unhindered } from '../../support/engine/cancel-race';
import { Engine, type RunRecord } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { LedgerServer } from '../../support/outside/row-ledger';

const races = Number(process.env['CHAOS_RACES'] ?? 40);
// As many as a worker serves without queueing them, which would only lengthen the run in front of its finish; beside other
// tests, which have the machine too, half as many.
const atOnce = process.env['CHAOS_RACES'] === undefined ? 5 : 10;
// Two seconds a race, many of them at once; ten or twenty times that on a machine that does much else.
const timeoutMs = 60_000 + races * 4_000;

let engine: Engine;
let api: EngineApi;
let ledgers: LedgerServer;

beforeAll(async () => {
  [engine, ledgers] = await Promise.all([Engine.start(), LedgerServer.start()]);
  api = await engineApi(engine);
  await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text)`);
}, 60_000);
afterAll(async () => {
  await api.close();
  await Promise.all([engine.close(), ledgers.close()]);
}, 60_000);

const kindOf = (race: number) => (race % 2 === 0 ? 'ledger' : 'table');

/** How long a run takes among others like it; the first ones, which open connections, are not asked. */
async function usualTime(kind: 'ledger' | 'table'): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    const runs = Array.from({ length: atOnce / 2 }, async (_, at) =>
      unhindered(engine, api, await aRace(engine, ledgers, kind, `calm-${kind}-${round}-${at}`)),
    );
    times.push(...(await Promise.all(runs)));
  }
  return Math.min(...times);
}

test(
  `${races} cancels at every moment of a run leave it either completed or cancelled, for good, and its record true`,
  async () => {
    const usualMs = { ledger: await usualTime('ledger'), table: await usualTime('table') };
    const ended: RunRecord[] = [];
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let race = next++; race < races; race = next++) {
        // Moments spread over half as long again as a run takes, each with a jitter of its own.
        const afterMs = ((race + Math.random()) / races) * usualMs[kindOf(race)] * 1.5;
        const made = await aRace(engine, ledgers, kindOf(race), `race${race}`);
        ended.push(await runRace(engine, api, made, afterMs));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));

    expect(ended).toHaveLength(races);
    // Long after: nothing has come late and changed what was final.
    for (const run of ended) expect(await engine.record(run.id)).toEqual(run);
    const of = (status: string) => ended.filter((run) => run.status === status);
    expect(of('completed').length + of('cancelled').length).toBe(races);
    // Both sides have won, and some were stopped in the middle: else these were no races.
    expect(of('completed').length).toBeGreaterThan(0);
    expect(of('cancelled').length).toBeGreaterThan(0);
    const halfway = ended.filter(({ rows_created: created }) => created > 0 && created < raceRows);
    // One in twenty or so: a few races may have none.
    if (races >= 200) expect(halfway.length).toBeGreaterThan(0);
    if (process.env['CHAOS_RACES'] !== undefined) {
      const unknown = ended.reduce((sum, run) => sum + run.rows_unknown, 0);
      process.stderr.write(
        `${races} races: ${of('completed').length} completed, ${of('cancelled').length} cancelled, ` +
          `${halfway.length} of them halfway, ${unknown} rows unknown\n`,
      );
    }
  },
  timeoutMs,
);
