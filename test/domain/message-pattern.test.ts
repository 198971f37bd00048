// What messages have in common, and what a search can know from that without looking at a row.
import fc from 'fast-check';
import { foldCase, holds, messagePattern } from '../../domain/message-pattern';
import { randomCases } from '../support/cases';

const cases = randomCases(300);
jest.setTimeout(cases.limitMs);

test.each([
  // The page's own.
  ['Invalid email format', 'Invalid email format'],
  ["Required field 'LastName' is null", "Required field '<value>' is null"],
  ['String exceeds max length (255)', 'String exceeds max length (<number>)'],
  // Quotes of all kinds, and apostrophes that are none.
  [
    'invalid input syntax for type integer: "not a number"',
    'invalid input syntax for type integer: "<value>"',
  ],
  ['“usr” and ‘usr’ and `usr`', '“<value>” and ‘<value>’ and `<value>`'],
  ["The user's email can't be 'x'", "The user's email can't be '<value>'"],
  ['An open "quote', 'An open "quote'],
  ['Empty "" too', 'Empty "<value>" too'],
  ['Of\n"two\nlines"', 'Of\n"<value>"'],
  // Numbers, and what is like one.
  ['100% wrong', '<number>% wrong'],
  ['-1.5 is less than 2,000,000.', '<number> is less than <number>.'],
  ['from 10.0.0.1:5432', 'from <number>'],
  ['due 2025-01-15, at 09:00:00.', 'due <time>, at <time>.'],
  ['at 2025-01-15T09:00:00.123Z or 2025-01-15T09:00:00+02:00', 'at <time> or <time>'],
  // Ids, but not words that end with a digit.
  ['usr_123 is unknown', '<id> is unknown'],
  ['Duplicate of 0031x00000abcXYZ', 'Duplicate of <id>'],
  ['Duplicate of 5f4dcc3b5aa765d61d8327deb882cf99', 'Duplicate of <id>'],
  ['OAuth2 and Address1 and Description__c', 'OAuth2 and Address1 and Description__c'],
  ['5F4DCC3B-5aa7-65d6-1d83-27deb882cf99 is gone', '<uuid> is gone'],
  // Addresses.
  ['ada.l+x@mail.example.org bounced', '<email> bounced'],
  ['not an address: a@b', 'not an address: a@b'],
  // A message that pretends to be a pattern.
  ['<number> of <value>, <email>, <b>', '<value> of <value>, <value>, <b>'],
  ['', ''],
])('%j has the pattern %j', (message, pattern) => {
  expect(messagePattern(message)).toBe(pattern);
});

test('of a long message its beginning counts, and the rest is one placeholder', () => {
  const beginning = 'word '.repeat(400);
  expect(messagePattern(beginning)).toBe(beginning);
  expect(messagePattern(`${beginning}1`)).toBe(`${beginning}<more>`);
  expect(messagePattern(`${beginning}2 and more`)).toBe(`${beginning}<more>`);
});

test.each([
  ['Invalid email format', 'EMAIL f', 'always'],
  ['Invalid email format', 'emails', 'never'],
  ['max length (<number>)', 'length (', 'always'],
  ['max length (<number>)', '255)', 'perhaps'],
  ['max length (<number>)', 'length (2', 'perhaps'],
  ['max length (<number>)', 'number', 'never'],
  ['max length (<number>)', 'length ()', 'never'],
  ['<id> is unknown', 'usr_1', 'perhaps'],
  ['<id> is unknown', '3 IS', 'perhaps'],
  ['<id> is unknown', 'usr 1', 'never'],
  ['<uuid> is gone', '5f4dcc3b-5AA7', 'perhaps'],
  ['<uuid> is gone', 'xyz', 'never'],
  ['<email> bounced', '@mail.example.org b', 'perhaps'],
  ['<email> bounced', 'a b@', 'never'],
  ['Field "<value>" is null', 'anything: at all', 'perhaps'],
  ['beginning <more>', 'anything', 'perhaps'],
  ['É is not é', 'é', 'always'],
  ['É is not é', 'É IS', 'always'],
  ['É only', 'é', 'never'],
] as const)('of messages like %j, those that hold %j are: %s', (pattern, text, holding) => {
  expect(holds(pattern, text)).toBe(holding);
});

// Pieces that messages are made of, those that patterns leave out among them.
const piece = fc.oneof(
  fc.constantFrom(
    'Invalid ',
    'email',
    ' is ',
    '"',
    "'",
    'É',
    '<number>',
    '<',
    '%',
    '@',
    '.',
    ' ',
    '\n',
    '😀',
  ),
  fc.constantFrom('usr_123', '255', '-1.5', '2025-01-15T09:00:00Z', 'a@b.org', 'OAuth2', '“x”'),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const message = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));

test('what holds never is in no message of the pattern, and what holds always is in every one', () => {
  fc.assert(
    fc.property(message, message, fc.nat(), fc.nat({ max: 8 }), (one, other, from, length) => {
      const at = from % (one.length + 1);
      const text = one.slice(at, at + 1 + length);
      fc.pre(text.length > 0);
      const holding = holds(messagePattern(one), text);
      expect(holding).not.toBe('never');
      const isInOther = foldCase(other).includes(foldCase(text));
      const inOther = holds(messagePattern(other), text);
      if (inOther !== 'perhaps') expect(isInOther).toBe(inOther === 'always');
    }),
    cases.options,
  );
});

test('a message of two thousand characters that is made to take long takes no longer than any other', () => {
  const hostile = ['a.', '1,', "'", '"', '<number>', '@a', 'a@a.', '9-', '--'].map((text) =>
    text.repeat(2_000 / text.length),
  );
  for (const text of hostile) {
    const pattern = messagePattern(text);
    expect(holds(pattern, text.slice(0, 500))).not.toBe('never');
  }
});
