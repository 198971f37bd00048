import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils';
import { keptHistories, type NamedHistory, replay } from '../support/replay';

// Runs that are under way when a new version is deployed are replayed by it: a history that does not fit stops them.
describe('histories of earlier runs', () => {
  const kept = keptHistories();

  /** The same history with one word of it changed wherever it stands. */
  const changed = ({ name, history }: NamedHistory, word: string, other: string): NamedHistory => ({
    name,
    history: historyFromJSON(JSON.parse(historyToJSON(history).replaceAll(`"${word}"`, `"${other}"`))),
  });

  test('each way a run can go is kept', () => {
    expect(kept.map(({ name }) => name)).toEqual([
      'cancelled_while_querying',
      'clean',
      'failed_query',
      'no_changes',
      'queued_behind_another',
      'waited_for_rate_limit',
      'with_row_errors',
    ]);
  });

  test('all of them fit the workflow as it is now', async () => {
    expect(await replay(kept)).toEqual(Object.fromEntries(kept.map(({ name }) => [name, null])));
  });

  test('a history in which another activity ran is noticed', async () => {
    const others = kept.map((one) => changed(one, 'closeRun', 'writeChanges'));
    expect(others.length).toBeGreaterThan(0);
    expect(await replay(others)).toEqual(
      Object.fromEntries(kept.map(({ name }) => [name, 'DeterminismViolationError'])),
    );
  });
});
