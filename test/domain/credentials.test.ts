// Which headers and parameters have to be kept like a password.
import { credentialsIn, isCredential, withoutCredentials } from '../../domain/credentials';

test.each([
  'Authorization',
  'Proxy-Authorization',
  'Cookie',
  'X-Api-Key',
  'apikey',
  'X-Auth-User',
  'PRIVATE-TOKEN',
  'X-Vendor-Access-Token',
  'Client_Secret',
  'Ocp-Apim-Subscription-Key',
  'X-Amz-Security-Token',
  'X-Hub-Signature',
  'X-Session-Id',
  'key',
  'sig',
])('%s carries a credential by its name', (name) => {
  expect(isCredential(name, 'x')).toBe(true);
});

test.each(['Bearer abc', 'basic YTpi', 'Token abc'])('%s is a credential in any header', (value) => {
  expect(isCredential('X-Whatever', value)).toBe(true);
});

test.each([
  'X-Team',
  'Accept',
  'Content-Type',
  'User-Agent',
  'X-Author',
  'X-Keyboard',
  'X-Signal',
  'X-Design',
  'X-Tenant-Id',
])('%s carries none', (name) => {
  expect(isCredential(name, 'a bearer of news')).toBe(false);
});

test.each([
  ['https://h/in', [], 'https://h/in'],
  ['https://h/in?team=a%20b&empty', [], 'https://h/in?team=a%20b&empty'],
  ['https://h/in?api_key=abc#top', ['api_key'], 'https://h/in?api_key=***#top'],
  ['https://h/in?team=a&hapikey=b&sig=c', ['hapikey', 'sig'], 'https://h/in?team=a&hapikey=***&sig=***'],
  ['https://h/in?key=a&key=b', ['key', 'key'], 'https://h/in?key=***&key=***'],
  ['https://h/in?api%5Fkey=abc', ['api_key'], 'https://h/in?api_key=***'],
  ['https://h/in?api_\tkey=abc', ['api_key'], 'https://h/in?api_key=***'],
  ['https://h/in?who=Bearer%20abc', ['who'], 'https://h/in?who=Bearer+***'],
  ['nowhere?api_key=abc', [], 'nowhere?api_key=abc'],
])('%s carries %j and is shown as %s', (address, names, shown) => {
  expect(credentialsIn(address).map(({ name }) => name)).toEqual(names);
  expect(withoutCredentials(address)).toBe(shown);
  expect(credentialsIn(shown).map(({ name }) => name)).toEqual(names);
});
