// Owns the proof that the tables of docs/alerts.md have every rule and every type of message, with the defaults they have.
import { settingNames } from '../../api/alerts/rules/schema';
import { webhookEventSchemas } from '../../api/alerts/webhook-events';
import { alertRuleKinds, defaultRules, type RuleSettings, severityOf } from '../../domain/alerts/rules';
import { codeWords, section, tableRows } from './markdown';

const rows = tableRows(section('docs/alerts.md', 'Rules'));

test('the table has every rule, in its order, and no other', () => {
  expect(rows.map(([rule]) => codeWords(rule)[0])).toEqual([...alertRuleKinds]);
});

test.each(alertRuleKinds)('%s is as the table says', (kind) => {
  const [, , severity = '', atFirst, settings = ''] =
    rows.find(([rule]) => codeWords(rule)[0] === kind) ?? [];
  const rule = defaultRules[kind];
  expect(codeWords(severity)[0] ?? null).toBe(kind === 'run_completed' ? null : severityOf[kind]);
  expect(atFirst).toBe(rule.enabled ? 'on' : 'off');
  const expected = Object.entries(rule.settings).map(
    ([key, value]) => `\`${settingNames[key as keyof RuleSettings]}\` ${value}`,
  );
  expect(settings).toBe(expected.length === 0 ? 'none' : expected.join(', '));
});

test('every type of message has its row', () => {
  const types = tableRows(section('docs/alerts.md', 'What a webhook gets')).map(
    ([type]) => codeWords(type)[0],
  );
  expect(types).toEqual(Object.keys(webhookEventSchemas));
});
