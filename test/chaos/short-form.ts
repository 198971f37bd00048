// Owns a scenario's short form in a jest test: a place for the file, a seed that is told when a promise fails. Runs no full form.
import { ChaosPlace } from './place/chaos-place';
import { LedgerServer } from '../support/outside/row-ledger';
import type { ChaosResult, Scenario } from './chaos-result';
import { auditPayloads, payloadResult } from './scenarios/payload-audit';
import { seededRandom } from './place/seeded-random';

/** One place for the scenarios of a file, one after another. */
export class ShortForm {
  private place!: ChaosPlace;
  private ledgers!: LedgerServer;

  async open(options: { readonly workers?: number } = {}): Promise<void> {
    this.ledgers = await LedgerServer.start();
    this.place = await ChaosPlace.open(options);
  }

  async close(): Promise<void> {
    await this.place?.close();
    await this.ledgers.close();
  }

  /** Fails with what was seen, and with the seed that repeats it. */
  async holds(scenario: Scenario): Promise<void> {
    const random = seededRandom(Date.now() % 1_000_000);
    const { place, ledgers } = this;
    const found = await scenario.run({ place, ledgers, form: 'short', random, say: () => undefined });
    expect(failuresOf(found, random.seed)).toEqual([]);
  }

  /** Looks through every history of the scenarios before. */
  async carriesNoRows(): Promise<void> {
    expect(failuresOf([payloadResult([await auditPayloads(this.place)])], 0)).toEqual([]);
  }
}

function failuresOf(results: readonly ChaosResult[], seed: number): string[] {
  return results.filter(({ ok }) => !ok).map(({ id, seen }) => `${id} (seed ${seed}): ${seen}`);
}
