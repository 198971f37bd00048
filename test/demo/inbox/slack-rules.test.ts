// That the stand-in refuses what Slack's documentation says it refuses; boundaries in pairs.
import { refusalOf } from '../../../demo/inbox/slack-rules';

const word = (body: unknown): string | null => refusalOf(body)?.word ?? null;
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const withBlocks = (...blocks: unknown[]) => ({ text: 'fallback', blocks });
const header = (text: string) => ({ type: 'header', text: plain(text) });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const x = (length: number): string => 'x'.repeat(length);

test.each<[string, unknown, string | null]>([
  ['a text', { text: 'hello' }, null],
  ['blocks without a text', { blocks: [section('hello')] }, null],
  ['nothing', {}, 'no_text'],
  ['a text of blanks', { text: ' ' }, 'no_text'],
  ['no blocks and no text', { blocks: [] }, 'no_text'],
  ['a list', [], 'invalid_payload'],
  ['a string', 'hello', 'invalid_payload'],
  ['null', null, 'invalid_payload'],
  ['a text that is a number', { text: 1 }, 'invalid_payload'],
  ['blocks that are no list', { text: 'x', blocks: {} }, 'invalid_blocks_format'],
  ['a text of 40,000', { text: x(40_000) }, null],
  ['a text of 40,001', { text: x(40_001) }, 'msg_too_long'],
  ['blocks of 13,000', withBlocks(...Array.from({ length: 5 }, () => section(x(2_600)))), null],
  [
    'blocks of 13,001',
    withBlocks(header('x'), ...Array.from({ length: 5 }, () => section(x(2_600)))),
    'msg_blocks_too_long',
  ],
  [
    '101 attachments',
    { text: 'x', attachments: Array.from({ length: 101 }, () => ({})) },
    'too_many_attachments',
  ],
])('%s', (_what, body, expected) => {
  expect(word(body)).toBe(expected);
});

test.each<[string, unknown, boolean]>([
  ['a header of 150', withBlocks(header(x(150))), true],
  ['a header of 151', withBlocks(header(x(151))), false],
  ['an empty header', withBlocks(header('')), false],
  ['a header in mrkdwn', withBlocks({ type: 'header', text: mrkdwn('x') }), false],
  ['a section of 3,000', withBlocks(section(x(3_000))), true],
  ['a section of 3,001', withBlocks(section(x(3_001))), false],
  ['a section of nothing', withBlocks({ type: 'section' }), false],
  ['10 fields', withBlocks({ type: 'section', fields: Array.from({ length: 10 }, () => mrkdwn('x')) }), true],
  [
    '11 fields',
    withBlocks({ type: 'section', fields: Array.from({ length: 11 }, () => mrkdwn('x')) }),
    false,
  ],
  ['a field of 2,000', withBlocks({ type: 'section', fields: [mrkdwn(x(2_000))] }), true],
  ['a field of 2,001', withBlocks({ type: 'section', fields: [mrkdwn(x(2_001))] }), false],
  [
    '10 elements of a context',
    withBlocks({ type: 'context', elements: Array.from({ length: 10 }, () => mrkdwn('x')) }),
    true,
  ],
  [
    '11 elements of a context',
    withBlocks({ type: 'context', elements: Array.from({ length: 11 }, () => mrkdwn('x')) }),
    false,
  ],
  ['50 blocks', withBlocks(...Array.from({ length: 50 }, () => section('x'))), true],
  ['51 blocks', withBlocks(...Array.from({ length: 51 }, () => section('x'))), false],
  ['a divider', withBlocks({ type: 'divider' }), true],
  [
    'a button with an address',
    withBlocks({
      type: 'actions',
      elements: [{ type: 'button', text: plain('Run'), url: 'https://x.example' }],
    }),
    true,
  ],
  ['a block of an unknown type', withBlocks({ type: 'heading', text: plain('x') }), false],
  ['a block without a type', withBlocks({ text: plain('x') }), false],
  ['a key that a block does not have', withBlocks({ ...section('x'), color: 'red' }), false],
  [
    'a key that a text does not have',
    withBlocks({ type: 'section', text: { ...mrkdwn('x'), style: 'bold' } }),
    false,
  ],
  ['emoji in mrkdwn', withBlocks({ type: 'section', text: { ...mrkdwn('x'), emoji: true } }), false],
  ['verbatim in mrkdwn', withBlocks({ type: 'section', text: { ...mrkdwn('x'), verbatim: true } }), true],
  [
    'two blocks of one id',
    withBlocks({ ...section('x'), block_id: 'a' }, { ...section('x'), block_id: 'a' }),
    false,
  ],
  ['an id of 256', withBlocks({ ...section('x'), block_id: x(256) }), false],
  ['a type that every object has', withBlocks({ type: 'constructor' }), false],
])('%s: taken %s', (_what, body, isTaken) => {
  expect(word(body)).toBe(isTaken ? null : 'invalid_blocks');
});
