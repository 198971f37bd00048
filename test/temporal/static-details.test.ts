import { newId } from '../../db/new-id';
import { staticDetailsOf, staticSummaryOf } from '../../temporal/static-details';

describe('what the Temporal Web UI tells of a run', () => {
  const [syncId, runId, retryOf] = [newId('sync'), newId('run'), newId('run')];

  test('are sync, run, trigger, kind, and what it repeats and why where there is something to say', () => {
    expect(staticDetailsOf({ syncId, runId, trigger: 'schedule', kind: 'normal' })).toBe(
      `**Sync** \`${syncId}\`  \n**Run** \`${runId}\`  \n**Trigger** schedule  \n**Kind** normal`,
    );
    const details = staticDetailsOf({
      syncId,
      syncName: 'Users',
      runId,
      trigger: 'api',
      kind: 'normal',
      retryOf,
      note: 'after the fix',
    });
    expect(details).toContain(`**Sync** Users (\`${syncId}\`)`);
    expect(details).toContain(`**Retry of** \`${retryOf}\`  \n**Note** after the fix`);
  });

  test('are no markup of the person who wrote the note', () => {
    const note = 'a\n# b <img src=x> [c](http://d)';
    expect(staticDetailsOf({ syncId, runId, trigger: 'api', kind: 'normal', note })).toMatch(
      /\*\*Note\*\* a \\# b \\<img src=x\\> \\\[c\\\]\\\(http:\/\/d\\\)$/,
    );
  });

  test('fit the line the server takes, whatever the names are', () => {
    expect(staticSummaryOf('Users → CRM (api)')).toBe('Users → CRM (api)');
    const cut = staticSummaryOf('😀'.repeat(200));
    expect(Buffer.byteLength(JSON.stringify(cut))).toBeLessThanOrEqual(380);
    expect(cut).toMatch(/^(😀)+…$/u);
  });
});
