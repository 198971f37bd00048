// Which headers have to be kept like a password.
import { isCredentialHeader } from '../../domain/credential-header';

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
])('%s carries a credential by its name', (name) => {
  expect(isCredentialHeader(name, 'x')).toBe(true);
});

test.each(['Bearer abc', 'basic YTpi', 'Token abc'])('%s is a credential in any header', (value) => {
  expect(isCredentialHeader('X-Whatever', value)).toBe(true);
});

test.each(['X-Team', 'Accept', 'Content-Type', 'User-Agent', 'X-Author', 'X-Keyboard', 'X-Tenant-Id'])(
  '%s carries none',
  (name) => {
    expect(isCredentialHeader(name, 'a bearer of news')).toBe(false);
  },
);
