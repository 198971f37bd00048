// Owns the history that figures of the API's pace share: a million runs, and a run with a million row errors.
import type { BenchPlace } from '../bench-place';
import { storeSync } from './bench-sync';
import { fillHistory, type History, historyNames } from './history';
import { settle } from './settle';
import { needTables, tinyTable } from './tables';

// The others have as many row errors as they say they were refused.
const millionRuns = { runs: 1_000_000, rowErrors: 1_500_000, ofWorstRun: 1_000_000, syncs: 2_000 };

/** Makes it when the first figure asks for it; a longer one that is there already will do as well. */
export async function needHistory(place: BenchPlace, say: (text: string) => void): Promise<History> {
  const isThere = await place.knex('runs').where({ id: historyNames.worstRun }).first('id');
  if (isThere) return historyNames;
  await needTables(place, tinyTable);
  const { id } = await storeSync(place, tinyTable.name, 'history_target');
  say('filling the tables with 1,000,000 runs');
  const history = await fillHistory(place.knex, id, millionRuns);
  // Gigabytes that are still to be written would be written beside the first figure.
  await settle(place);
  return history;
}
