// The forms in which a secret comes back: none of them is kept.
import { shownText } from '../../../connectors/http/foreign-text';
import { hiddenTexts, queryTexts } from '../../../connectors/http/hidden-texts';

const secret = 'canary/"QzX"+<w>&canary=';

test.each([
  ['as it is', secret],
  ['as JSON', JSON.stringify({ secret })],
  ['as JSON of PHP', JSON.stringify({ secret }).replaceAll('/', String.raw`\/`)],
  ['as HTML', '<p>canary/&quot;QzX&quot;+&lt;w&gt;&amp;canary=</p>'],
  ['in an address', `/in?key=${encodeURIComponent(secret)}&more=1`],
])('%s', (_form, text) => {
  const shown = shownText(text, hiddenTexts([secret])) ?? '';
  expect(shown).toContain('[secret]');
  expect(shown).not.toMatch(/canary|QzX/);
});

test('one that begins like another leaves nothing of it', () => {
  expect(shownText('canary canaryQzX', hiddenTexts(['canary', 'canaryQzX']))).toBe('[secret] [secret]');
});

test('words too short to be secrets stay', () => {
  expect(hiddenTexts(['', 'abcde'])).toEqual([]);
});

test('each value of a query is hidden, as it stands in the address and as it is read', () => {
  const url = new URL('https://ops.example/in?canary-one&token=canary%2Ftwo&a=b+canary');
  const hidden = hiddenTexts(queryTexts(url));
  for (const shown of ['canary-one', 'canary%2Ftwo', 'canary/two', 'b+canary', 'b canary', url.search])
    expect(shownText(`got ${shown}.`, hidden)).not.toContain('canary');
});
