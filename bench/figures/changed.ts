// Owns the figures of runs with changes into PostgreSQL: a hundredth of the rows against C, all of them against M.
import { copyInNode, copyInPsql, hasPsql } from '../baselines/bare-copy';
import { copyAndMerge } from '../baselines/copy-into-table';
import type { BenchPlace } from '../bench-place';
import { withClient } from '../data/bench-client';
import { type BenchSync, storeSync } from '../data/bench-sync';
import { allChanged, bigTable, fewChanged, needTables, show, type UsersTable } from '../data/tables';
import { makeTarget, usersModel } from '../data/users-model';
import type { Figure } from '../figure';
import { inTurn, timed } from '../in-turn';
import { ratio } from '../verdicts';

const rounds = 5;

export const fewChangedFigure: Figure = {
  name: 'few-changed',
  title: '1,000,000 rows, 1 % of them changed, delivered to PostgreSQL and closed',
  method:
    'The model is a view that shows one of two tables in turn, which differ in every hundredth row. C is the same view by COPY … TO STDOUT to nowhere; the product is the time from the trigger to the result of the workflow.',
  async measure(place, say) {
    await needTables(place, bigTable, fewChanged);
    const model = await FlippingModel.make(place, 'few', [bigTable, fewChanged]);
    const { whole, baseline } = await measureChanges(place, say, model, 10_000, {
      before: () => Promise.resolve(),
      run: () =>
        hasPsql()
          ? copyInPsql(place.warehouseUrl, usersModel(model.view))
          : withClient(place.warehouseUrl, (client) => copyInNode(client, usersModel(model.view))),
    });
    return {
      verdicts: [ratio('whole run / C', whole, baseline, { must: 2, aim: 1.5 })],
      series: [
        { name: 'whole run', unit: 'ms', values: whole },
        { name: 'C', unit: 'ms', values: baseline },
      ],
    };
  },
};

export const allChangedFigure: Figure = {
  name: 'all-changed',
  title: '1,000,000 rows, all of them updated in PostgreSQL',
  method:
    'The model is a view that shows one of two tables in turn, which differ in every row. M is the same change by one COPY into a temp table and one INSERT … ON CONFLICT into a table of its own with the same history, in one transaction; both tables are vacuumed before each side. The product is the time from the trigger to the result of the workflow.',
  async measure(place, say) {
    await needTables(place, bigTable, allChanged);
    const model = await FlippingModel.make(place, 'all', [bigTable, allChanged]);
    const merged = 'all_changed_by_merge';
    const merge = (): Promise<void> =>
      withClient(place.warehouseUrl, (warehouse) =>
        withClient(place.targetUrl, (target) =>
          copyAndMerge(warehouse, target, usersModel(model.view), merged),
        ),
      );
    await withClient(place.targetUrl, (client) => makeTarget(client, merged));
    const { whole, baseline } = await measureChanges(place, say, model, 1_000_000, {
      before: merge,
      run: () => timed(merge),
    });
    return {
      verdicts: [ratio('whole run / M', whole, baseline, { must: 1.6, aim: 1.15 })],
      series: [
        { name: 'whole run', unit: 'ms', values: whole },
        { name: 'M', unit: 'ms', values: baseline },
      ],
    };
  },
};

/** A view over one of two tables; `flip` shows the other one. */
class FlippingModel {
  private shown = 0;

  private constructor(
    private readonly place: BenchPlace,
    readonly view: string,
    private readonly tables: readonly [UsersTable, UsersTable],
  ) {}

  static async make(
    place: BenchPlace,
    name: string,
    tables: readonly [UsersTable, UsersTable],
  ): Promise<FlippingModel> {
    const model = new FlippingModel(place, `users_${name}_shown`, tables);
    await show(place, model.view, tables[0]);
    return model;
  }

  async flip(): Promise<void> {
    this.shown = 1 - this.shown;
    await show(this.place, this.view, this.tables[this.shown === 0 ? 0 : 1]);
  }
}

interface Baseline {
  /** Brings the baseline's own table to where the product's is before the first change. */
  before(): Promise<unknown>;
  run(): Promise<number>;
}

/** Loads once, then changes `changes` rows a round, product and baseline in turn. */
async function measureChanges(
  place: BenchPlace,
  say: (text: string) => void,
  model: FlippingModel,
  changes: number,
  baseline: Baseline,
): Promise<{ whole: number[]; baseline: number[] }> {
  const sync = await storeSync(place, model.view, `${model.view}_target`);
  const worker = await place.startWorker();
  say('first load');
  const loaded = await sync.run();
  if (loaded.counts.created !== bigTable.rows) throw new Error('the first load is not whole');
  await baseline.before();
  const taken = await inTurn(
    {
      // The baseline first: both see the same flip.
      baseline: async () => {
        await model.flip();
        return baseline.run();
      },
      product: () => changed(sync, changes),
    },
    { rounds, warmUps: 1, say, before: () => tidy(place) },
  );
  await worker.stop(10_000);
  return { whole: taken.product, baseline: taken.baseline };
}

async function changed(sync: BenchSync, changes: number): Promise<number> {
  const { counts, wholeMs } = await sync.run();
  if (counts.updated !== changes) throw new Error(`${counts.updated} rows were updated, not ${changes}`);
  return wholeMs;
}

/** Dead rows and dirty pages of one side must not be paid for by the other. */
async function tidy(place: BenchPlace): Promise<void> {
  await withClient(place.targetUrl, (client) => client.query('VACUUM'));
  await withClient(place.targetUrl, (client) => client.query('CHECKPOINT'));
}
