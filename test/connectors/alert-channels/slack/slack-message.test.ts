// What a message looks like in Slack, and that Slack takes it whatever names, messages and numbers it holds (S9).
import * as fc from 'fast-check';
import { sizeOf, slackLimits } from '../../../../connectors/alert-channels/slack/blocks';
import { plainText, slackMessage } from '../../../../connectors/alert-channels/slack/slack-message';
import type { AlertMessage } from '../../../../domain/alerts/message';
import { alertMessageTypes } from '../../../../domain/alerts/message';
import { alertKinds } from '../../../../domain/alerts/rules';
import { refusalOf } from '../../../../demo/inbox/slack-rules';
import { aMessage, namedAlert, runFacts } from '../../../factories/a-message';
import { randomCases } from '../../../support/cases';

const { options, limitMs } = randomCases(300);
jest.setTimeout(limitMs);

/** Every text of the blocks, in order. */
function textsOf(message: AlertMessage): string[] {
  const texts: string[] = [];
  JSON.stringify(slackMessage(message).blocks, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') texts.push(value);
    return value;
  });
  return texts;
}

test('one alert: the sentence, figures, what to do, links', () => {
  const message = aMessage();
  const { links } = message.alerts[0] as (typeof message.alerts)[number];
  expect(textsOf(message)).toEqual([
    '🔴 Users → CRM failed: Destination authentication expired',
    '*Sync*\nUsers → CRM',
    '*Severity*\ncritical',
    '*Rows*\n15,432 processed, 336 failed',
    '*Trigger*\nschedule',
    '*Duration*\n4 min 23 s',
    '*Seen*\n15 Jan 09:04 UTC',
    '*What to do*\n• Renew the credentials of the destination.\n• Then run the sync again.',
    `<${links?.run}|Run> · <${links?.errors}|Row errors> · <${links?.temporal}|Timeline in Temporal>`,
    `Default · 15 Jan 09:04 UTC · ${message.id}`,
  ]);
  expect(slackMessage(message).text).toBe(
    [
      '🔴 Users → CRM failed: Destination authentication expired',
      '15,432 processed, 336 failed',
      'Renew the credentials of the destination.',
      `<${links?.run}|Run>`,
    ].join('\n'),
  );
});

test('a long sentence stands whole beneath its header', () => {
  const sentence = `Users → CRM failed: ${'because of this and that '.repeat(20)}`.trim();
  const [top, whole] = textsOf(aMessage({ alerts: [namedAlert({ sentence })] }));
  expect(top).toHaveLength(150);
  expect(top).toMatch(/…$/);
  expect(whole).toBe(sentence);
});

test('many alerts: a line for each of the first twenty, and how many more there are', () => {
  const alerts = Array.from({ length: 20 }, (_, at) => namedAlert({ sentence: `Sync ${at} failed` }));
  const texts = textsOf(aMessage({ alerts, alertCount: 1_000 }));
  expect(texts.filter((text) => /^• Sync \d+ failed {2}<https/.test(text))).toHaveLength(20);
  expect(texts.at(-1)).toMatch(/^and 980 more ·/);
});

test('of long lines as many stand there as have room, and the rest is counted', () => {
  const alerts = Array.from({ length: 20 }, (_, at) =>
    namedAlert({ sentence: `Sync ${at} failed: ${'because of this '.repeat(100)}` }),
  );
  const message = aMessage({ alerts, alertCount: 1_000 });
  const lines = textsOf(message).filter((text) => text.startsWith('• Sync'));
  expect(lines.length).toBeGreaterThan(12);
  expect(lines.length).toBeLessThan(20);
  expect(textsOf(message).at(-1)).toMatch(
    new RegExp(`^and ${1_000 - lines.length} more · .* · ${message.id}$`),
  );
  expect(sizeOf(slackMessage(message).blocks)).toBeLessThanOrEqual(slackLimits.allBlocks);
});

test('what is over has no advice', () => {
  const resolved = namedAlert({ resolvedAt: '2025-01-15T10:04:23.000Z' });
  const texts = textsOf(aMessage({ type: 'alert.resolved', alerts: [resolved] }));
  expect(texts.join('\n')).not.toContain('What to do');
  expect(texts[0]).toMatch(/^🟢/);
  expect(texts).toContain('*Over*\n15 Jan 10:04 UTC');
});

test('what a run has ended has the figures and links of both runs', () => {
  const before = runFacts({ id: 'run_bad', rowsProcessed: 15_432, rowsFailed: 336 });
  const resolvedRun = runFacts({
    id: 'run_good',
    status: 'completed',
    outcome: 'clean',
    trigger: 'manual',
    failure: null,
    completedAt: '2025-01-15T10:04:23.000Z',
    durationMs: 60_000,
    rowsProcessed: 15_500,
    rowsUpdated: 336,
    rowsFailed: 0,
  });
  const alert = namedAlert({ run: before, resolvedRun, occurrences: 3, resolvedAt: resolvedRun.completedAt });
  const { links, resolvedLinks } = alert;
  const message = aMessage({ type: 'alert.resolved', alerts: [alert] });
  expect(textsOf(message)).toEqual([
    '🟢 Users → CRM works again: run_good completed 15 Jan 10:04 UTC, after 3 failures over 1 h',
    '*Sync*\nUsers → CRM',
    '*Rows*\n15,500 processed, 336 updated, 0 failed',
    '*Trigger*\nmanual',
    '*Duration*\n1 min',
    '*Rows before*\n15,432 processed, 336 failed',
    '*Seen*\n3 times since 15 Jan 09:04 UTC',
    '*Over*\n15 Jan 10:04 UTC',
    `<${resolvedLinks?.run}|Run> · <${resolvedLinks?.errors}|Row errors> · <${resolvedLinks?.temporal}|Timeline in Temporal> · <${links?.run}|Run before>`,
    `Default · 15 Jan 09:04 UTC · ${message.id}`,
  ]);
  expect(plainText(message).split('\n').slice(1)).toEqual([
    '15,500 processed, 336 updated, 0 failed',
    `<${resolvedLinks?.run}|Run>`,
  ]);
  expect([links?.run, resolvedLinks?.run]).toEqual([
    expect.stringMatching(/run_bad$/),
    expect.stringMatching(/run_good$/),
  ]);
});

test('many that are over: each line says how', () => {
  const over = { resolvedAt: '2025-01-15T10:04:23.000Z' };
  const alerts = [namedAlert({ ...over, resolvedRun: runFacts({ status: 'completed' }) }), namedAlert(over)];
  const lines = textsOf(aMessage({ type: 'alert.resolved', alerts })).filter((text) => text.startsWith('•'));
  expect(lines).toEqual([
    expect.stringMatching(
      /^• Users → CRM works again: run_\w+ completed 15 Jan 09:04 UTC, after .*\|Row errors>$/,
    ),
    expect.stringMatching(/^• Users → CRM works again, after 1 failure over 1 h {2}</),
  ]);
});

test('messages that are about no alert', () => {
  const run = {
    ...runFacts({ status: 'completed', failure: null }),
    sync: { id: 's', name: 'A & B' },
    links: null,
  };
  expect(textsOf(aMessage({ type: 'sync_run.completed', run }))[0]).toMatch(
    /^🔵 A &amp; B completed in 4 min 23 s/,
  );
  const channel = { id: 'c', name: '#ops', reason: 'no_service: its webhook was removed' };
  expect(textsOf(aMessage({ type: 'channel.disabled', channel }))[0]).toBe(
    '🟠 The alert channel #ops was switched off: no_service: its webhook was removed',
  );
  expect(textsOf(aMessage({ type: 'channel.test' }))[0]).toMatch(/test message/);
});

test('names are shown as they stand: no mention, no link, no second line', () => {
  const name = '<!channel> & <https://evil.example|our site>\n\u202eevil @here';
  const message = aMessage({ alerts: [namedAlert({ sync: { id: 's', name }, sentence: `${name} failed` })] });
  const all = JSON.stringify(slackMessage(message));
  expect(all).not.toMatch(/<!channel>|<https:\/\/evil|\u202e/);
  expect(textsOf(message)[1]).toBe(
    '*Sync*\n&lt;!channel&gt; &amp; &lt;https://evil.example|our site&gt; evil @here',
  );
});

test('a link cannot be left by what stands in it', () => {
  const run = 'https://sync.example/a|b>c<d e?x=1&y=2';
  const alert = namedAlert({ links: { run, errors: run, temporal: null } });
  expect(textsOf(aMessage({ alerts: [alert] })).find((text) => text.startsWith('<https'))).toBe(
    '<https://sync.example/a%7Cb%3Ec%3Cd%20e?x=1&amp;y=2|Run> · <https://sync.example/a%7Cb%3Ec%3Cd%20e?x=1&amp;y=2|Row errors>',
  );
});

// Signs that have a meaning for Slack, for JSON, for terminals or for nobody, and any others.
const nasty = fc.oneof(
  fc.constantFrom(
    '&',
    '<',
    '>',
    '<!here>',
    '&lt;',
    '|',
    '*',
    '`',
    '\n',
    '\0',
    '\u202e',
    '\ud800',
    '🔥',
    '\u001b[31m',
    ' ',
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
const text = fc.oneof(
  fc.array(nasty, { maxLength: 20 }).map((parts) => parts.join('')),
  fc.integer({ min: 0, max: 5_000 }).map((length) => '&'.repeat(length)),
  fc.integer({ min: 140, max: 160 }).map((length) => 'ä🔥'.repeat(length)),
);
const count = fc.oneof(fc.nat(20_000), fc.constant(Number.MAX_SAFE_INTEGER));
const time = fc.integer({ min: 0, max: 4_000_000_000 }).map((at) => new Date(at * 1_000).toISOString());

const anAlert = fc
  .record({
    name: text,
    sentence: text,
    advice: fc.array(text, { maxLength: 8 }),
    kind: fc.constantFrom(...alertKinds),
    occurrences: count,
    rowsProcessed: count,
    openedAt: time,
    failure: text,
    url: fc.oneof(
      fc.webUrl(),
      text.map((part) => `https://sync.example/${part}`),
    ),
    hasRun: fc.boolean(),
    hasLinks: fc.boolean(),
    isOver: fc.boolean(),
    hasEnded: fc.boolean(),
  })
  .map((made) =>
    namedAlert({
      sync: { id: 'sync_1', name: made.name },
      sentence: made.sentence,
      advice: made.advice,
      kind: made.kind,
      occurrences: made.occurrences,
      openedAt: made.openedAt,
      resolvedAt: made.isOver ? made.openedAt : null,
      resolvedRun: made.hasEnded ? runFacts({ rowsProcessed: made.rowsProcessed, failure: null }) : null,
      resolvedLinks:
        made.hasEnded && made.hasLinks ? { run: made.url, errors: made.url, temporal: null } : null,
      run: made.hasRun
        ? runFacts({
            rowsProcessed: made.rowsProcessed,
            rowsFailed: made.occurrences,
            failure: { code: 'internal', message: made.failure },
          })
        : null,
      links: made.hasLinks ? { run: made.url, errors: made.url, temporal: made.url } : null,
    }),
  );

const anyMessage = fc
  .record({
    type: fc.constantFrom(...alertMessageTypes),
    alerts: fc.array(anAlert, { minLength: 1, maxLength: 20 }),
    more: count,
    workspace: text,
    name: text,
  })
  .map(({ type, alerts, more, workspace, name }) =>
    aMessage({
      type,
      workspace: { id: 'ws_1', name: workspace },
      alerts: type.startsWith('alert.') ? alerts : [],
      alertCount: type.startsWith('alert.') ? alerts.length + Math.min(more, 10_000) : 0,
      run:
        type === 'sync_run.completed'
          ? { ...runFacts({ rowsProcessed: more }), sync: { id: 's', name }, links: alerts[0]?.links ?? null }
          : null,
      channel: type === 'channel.disabled' ? { id: 'c', name, reason: workspace } : null,
    }),
  );

test('Slack takes any message, in blocks and as plain text', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const inBlocks = slackMessage(message);
      const onTheWire = JSON.parse(JSON.stringify(inBlocks)) as unknown;
      expect([refusalOf(onTheWire), refusalOf({ text: plainText(message) })]).toEqual([null, null]);
      expect(inBlocks.text.length).toBeLessThanOrEqual(4_000);
      expect(sizeOf(inBlocks.blocks)).toBeLessThanOrEqual(slackLimits.allBlocks);
      expect(textsOf(message).at(-1)).toContain(message.id);
    }),
    options,
  );
});

test('of any message the only brackets are those of our own links, and no entity is cut', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      for (const each of [...textsOf(message), plainText(message)]) {
        const rest = each.replaceAll(
          /<https?:[^<>|\s]*\|(Run|Run before|Row errors|Timeline in Temporal)>/g,
          '',
        );
        expect(rest).not.toMatch(/[<>]/);
        expect(each.replaceAll(/&(amp|lt|gt);/g, '')).not.toContain('&');
        expect(Buffer.from(each).toString()).toBe(each);
        // oxlint-disable-next-line no-control-regex
        expect(each).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
      }
    }),
    options,
  );
});
