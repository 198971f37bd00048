import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils';
import { type CodeChange, withChangedWorkflows } from '../../support/engine/changed-workflows';
import { keptHistories, type NamedHistory, replay } from '../../support/engine/replay';

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
      'cancelled_before_its_start',
      'cancelled_while_querying',
      'cancelled_while_queued',
      'cancelled_while_waiting',
      'cancelled_while_writing',
      'carried_on',
      'clean',
      'continued_as_new',
      'delivered',
      'delivery_cancelled',
      'delivery_carried_on',
      'delivery_continued_as_new',
      'delivery_waited',
      'dry_run',
      'failed_query',
      'handed_off_to_nobody',
      'no_changes',
      'queued_behind_another',
      'reset_after_its_end',
      'reset_midway',
      'retried',
      'scheduled',
      'skipped_slot',
      'timed_out',
      'waited_and_failed',
      'waited_for_late_calls',
      'waited_for_rate_limit',
      'with_row_errors',
    ]);
  });

  test('all of them fit the workflow as it is now', async () => {
    expect(await replay(kept)).toEqual(Object.fromEntries(kept.map(({ name }) => [name, null])));
  });

  test('a history in which another activity ran is noticed', async () => {
    const closed = kept.filter(({ history }) => historyToJSON(history).includes('"closeRun"'));
    expect(closed.length).toBeGreaterThan(0);
    const others = closed.map((one) => changed(one, 'closeRun', 'writeChanges'));
    expect(await replay(others)).toEqual(
      Object.fromEntries(closed.map(({ name }) => [name, 'DeterminismViolationError'])),
    );
  });

  // The other side of the same guard: careless edits of the workflow, each caught by the histories it does not fit.
  test.each<[string, CodeChange[], string[]]>([
    [
      'two activities change places',
      [
        { file: 'sync-run.ts', text: 'queryModel.executeWithOptions(', by: 'detect_(' },
        {
          file: 'sync-run.ts',
          text: 'detectChanges.executeWithOptions(',
          by: 'queryModel.executeWithOptions(',
        },
        { file: 'sync-run.ts', text: 'detect_(', by: 'detectChanges.executeWithOptions(' },
      ],
      ['clean', 'with_row_errors', 'failed_query', 'waited_for_rate_limit', 'timed_out'],
    ],
    [
      'a timer is added before the start',
      [
        {
          file: 'sync-run.ts',
          text: 'const started = await startInTurn(',
          by: 'await sleep(1);\n const started = await startInTurn(',
        },
      ],
      ['clean', 'no_changes', 'cancelled_while_writing', 'retried', 'scheduled'],
    ],
    [
      'a run is closed twice',
      [
        {
          file: 'sync-run.ts',
          text: 'const closed = await closeRun(input);',
          by: 'await closeRun(input);\n const closed = await closeRun(input);',
        },
      ],
      ['clean', 'cancelled_while_queued', 'waited_and_failed'],
    ],
    [
      'the wait of a run is no timer any more',
      [{ file: 'patience.ts', text: 'await sleep(', by: 'void (' }],
      ['waited_for_rate_limit', 'waited_and_failed', 'continued_as_new', 'cancelled_while_waiting'],
    ],
    [
      'a refused slot queues once more',
      [
        {
          file: 'sync-run.ts',
          text: `if ('skipped' in queued) {`,
          by: `if ('skipped' in queued) { await queue(input);`,
        },
      ],
      ['skipped_slot'],
    ],
    [
      'a run that was reset after its end is listed as queued',
      [
        {
          file: 'sync-run.ts',
          text: 'upsertSearchAttributes([{ key: runStatusKey, value: queued.status }]);',
          by: '',
        },
      ],
      ['reset_after_its_end'],
    ],
    [
      'late calls are not waited for by a timer',
      [{ file: 'sync-run.ts', text: 'await sleep(end.pauseMs,', by: 'void (end.pauseMs,' }],
      ['waited_for_late_calls'],
    ],
    [
      'the next run is not told',
      [
        {
          file: 'sync-run.ts',
          text: 'await getExternalWorkflowHandle(closed.next.workflowId).signal(handOff);',
          by: '',
        },
      ],
      ['handed_off_to_nobody', 'cancelled_while_querying'],
    ],
    [
      'a dry run writes',
      [{ file: 'sync-run.ts', text: `sends === 0 || kind === 'dry_run'`, by: 'sends === 0' }],
      ['dry_run'],
    ],
    [
      'a message is delivered without a look at what is next',
      [
        {
          file: 'deliver-alerts.ts',
          text: `if (step.state === 'idle' && !told.isDue) return done;`,
          by: `if (step.state !== 'attempted') return done;`,
        },
      ],
      ['delivered', 'delivery_carried_on'],
    ],
    [
      'a delivery does not wait for its next try',
      [
        {
          file: 'deliver-alerts.ts',
          text: 'await condition(() => told.isDue, step.waitMs',
          by: 'void (step.waitMs',
        },
      ],
      ['delivery_waited', 'delivery_cancelled'],
    ],
    [
      'a delivery is not carried on in a new execution',
      [
        {
          file: 'deliver-alerts.ts',
          text: 'while (!workflowInfo().continueAsNewSuggested) {',
          by: 'while (workflowInfo().historyLength >= 0) {',
        },
      ],
      ['delivery_continued_as_new'],
    ],
  ])('that %s is noticed', async (_what, changes, names) => {
    const concerned = kept.filter(({ name }) => names.includes(name));
    expect(concerned.map(({ name }) => name)).toEqual(names.toSorted());
    const found = await withChangedWorkflows(changes, (codePath) => replay(concerned, codePath));
    expect(found).toEqual(
      Object.fromEntries(concerned.map(({ name }) => [name, 'DeterminismViolationError'])),
    );
  });

  test('code copied and bundled without a change fits', async () => {
    const found = await withChangedWorkflows([], (codePath) => replay(kept, codePath));
    expect(found).toEqual(Object.fromEntries(kept.map(({ name }) => [name, null])));
  });
});
