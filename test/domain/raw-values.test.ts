// What row errors tell of values: masks, messages without the values of their row, messages without any.
import {
  maskOf,
  messageUnder,
  rawValueUnder,
  withoutValues,
  withoutVariables,
} from '../../domain/raw-values';

test.each([
  ['not-an-email', 'xxx-xx-xxxxx'],
  ['Ada.Lovelace+1815@example.org', 'xxx.xxxxxxxx+0000@xxxxxxx.xxx'],
  ['+44 20 7946 0000', '+00 00 0000 0000'],
  ['Zoë Müller', 'xxx xxxxxx'],
  ['٣٤', '00'],
  ['東京 😀', 'xx ?'],
  ['a\u0007b', 'x?x'],
  ['', ''],
])('the mask of %j is %j', (value, mask) => expect(maskOf(value)).toBe(mask));

test('the mask of a long value is the mask of its beginning', () => {
  expect(maskOf('a1'.repeat(5_000))).toBe(`${'x0'.repeat(100)}…`);
});

test.each([
  ['keep', 'a1', 'a1'],
  ['mask', 'a1', 'x0'],
  ['omit', 'a1', null],
  ['mask', null, null],
] as const)('a raw value under %s: %j becomes %j', (policy, value, told) =>
  expect(rawValueUnder(policy, value)).toBe(told),
);

test.each<[string, (string | null)[], string]>([
  ['Invalid email: Not-An-Email!', ['not-an-email'], 'Invalid email: <value>!'],
  ['not-an-email, again not-an-email', ['not-an-email'], '<value>, again <value>'],
  ['nothing of it', ['Ada', null, ''], 'nothing of it'],
  // The longer one first, so that no end of it is left.
  ['Anna-Maria Anna', ['Anna', 'Anna-Maria'], '<value> <value>'],
  // Short ones only where they stand alone.
  ['a bad car (a)', ['a'], '<value> bad car (<value>)'],
  ['5 of 15', ['5'], '<value> of 15'],
  // Signs mean nothing.
  ['got ^.*$ (x)', ['^.*$'], 'got <value> (x)'],
  ['got {"say \\"hi\\"\\n"}', ['say "hi"\n'], 'got {"<value>"}'],
  // The beginning that it is found by ends within a character of two halves.
  [`no ${'a'.repeat(23)}😀 here`, [`${'a'.repeat(23)}😀`], 'no <value> here'],
  // Cut off by the destination.
  [`too long: ${'lorem ipsum dolor '.repeat(2)}…`, ['lorem ipsum dolor '.repeat(9)], 'too long: <value>…'],
  // What was put in is not looked at again.
  ['value of Ada', ['Ada', 'value'], '<value> of <value>'],
])('%j without %j is %j', (message, values, told) => expect(withoutValues(message, values)).toBe(told));

test('a message without variables has one word for all of them, and stays as it is a second time', () => {
  const told = withoutVariables('Value "Ada" at 12:30 of a@b.example, 3 times: id 4f2a-11');
  expect(told).toBe('Value "<value>" at <value> of <value>, <value> times: id <value>');
  expect(withoutVariables(told)).toBe(told);
});

test.each([
  ['a quoted text', '"', '"', 'Ada Lovelace '],
  ['one in single quotes', "'", "'", 'Ada Lovelace '],
  ['an address', '', '', 'Ada@example.org.'],
])('what the cut of a long message leaves of %s goes too', (_, opens, closes, text) => {
  const words = 'the "first" one: '.repeat(114);
  const told = withoutVariables(`${words}${opens}${text.repeat(40)}${closes}`);
  expect(told).toBe(`${'the "<value>" one: '.repeat(114)}<value>…`);
});

test('a message is left alone, loses the values of its row, or all that could be one', () => {
  const message = 'Ada is not "one" of 12';
  expect(messageUnder('keep', message, ['Ada'])).toBe(message);
  expect(messageUnder('mask', message, ['Ada'])).toBe('<value> is not "one" of 12');
  expect(messageUnder('omit', message, ['Ada'])).toBe('<value> is not "<value>" of <value>');
});
