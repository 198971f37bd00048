// Owns the figure of idleness: the statements a service with many scheduled syncs makes while none is due.
import { statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../db/new-id';
import type { BenchPlace } from '../bench-place';
import { storeSync } from '../data/bench-sync';
import { needTables, tinyTable } from '../data/tables';
import type { Figure, FigureResult } from '../figure';
import { bounded } from '../verdicts';

const syncs = 2_000;
// Long enough for every kind of round the reconciler makes, the rarest once a minute.
const watchedMs = 120_000;
// Two workers take some hundred schedules a round, every few seconds.
const appliedWithinMs = 600_000;

export const idleFigure: Figure = {
  name: 'idle',
  title: '2,000 syncs with a schedule, none of them due, an API and two workers: statements a second',
  method:
    'Every statement PostgreSQL logs of the API and the workers (log_statement = all, BEGIN and COMMIT among them) within two minutes, after the workers have given every schedule to Temporal.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, tinyTable);
  await storeSchedules(place);
  const workers = [await place.startWorker(), await place.startWorker()];
  say('schedules are given to Temporal');
  await untilApplied(place);
  await logStatements(place, 'all');
  const from = statSync(place.postgresLog).size;
  say(`watching for ${watchedMs / 1_000} s`);
  await sleep(watchedMs);
  await logStatements(place, 'none');
  const statements = await countStatements(place.postgresLog, from);
  await Promise.all(workers.map((worker) => worker.stop(10_000)));
  const perSecond = statements / (watchedMs / 1_000);
  return {
    verdicts: [bounded('statements', 'a second', [perSecond], { must: 5 })],
    series: [],
  };
}

/** Copies of one sync, each with a schedule of its own that is due next year. */
async function storeSchedules(place: BenchPlace): Promise<void> {
  const { knex } = place;
  await storeSync(place, tinyTable.name, 'idle_target');
  const stored = await knex('syncs').where({ name: 'idle_target' }).first();
  // The database makes this one itself.
  const { alive: _, ...model } = stored;
  const version = await knex('sync_versions').where({ sync_id: model.id }).first();
  for (let made = 0; made < syncs; made += 500) {
    const ids = Array.from({ length: 500 }, () => newId('sync'));
    const json = ({ mapping, object, settings }: typeof version): Record<string, string> => ({
      mapping: JSON.stringify(mapping),
      object: JSON.stringify(object),
      settings: JSON.stringify(settings),
    });
    await knex('syncs').insert(ids.map((id) => ({ ...model, id, name: id })));
    await knex('sync_versions').insert(ids.map((sync_id) => ({ ...version, ...json(version), sync_id })));
    await knex('sync_schedules').insert(
      // Once a year, on the day before this one began: none fires while we watch.
      ids.map((sync_id) => ({ sync_id, workspace_id: model.workspace_id, cron: '30 4 1 1 *' })),
    );
  }
}

async function untilApplied({ knex }: BenchPlace): Promise<void> {
  for (const endsAt = Date.now() + appliedWithinMs; ;) {
    const pending = await knex('sync_schedules').whereNull('applied_revision').first();
    if (!pending) return;
    if (Date.now() > endsAt) throw new Error('the schedules were not given to Temporal');
    await sleep(1_000);
  }
}

async function logStatements({ knex }: BenchPlace, what: 'all' | 'none'): Promise<void> {
  // Of the database of ours alone, and of connections that are open already too.
  await knex.raw(`ALTER SYSTEM SET log_statement = '${what}'`);
  await knex.raw(`ALTER SYSTEM SET log_line_prefix = '%a '`);
  await knex.raw(`SELECT pg_reload_conf()`);
  // A backend takes the new settings at its next statement.
  await sleep(5_000);
}

async function countStatements(file: string, from: number): Promise<number> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const statements = buffer
      .toString('latin1')
      .match(/^signalsmith-(worker|api) .*LOG: {2}(statement|execute)/gm);
    return statements?.length ?? 0;
  } finally {
    await handle.close();
  }
}
