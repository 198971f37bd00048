// Sealing of credentials: what opens them, and everything that must not.
import { randomBytes } from 'node:crypto';
import { openSecrets, SealBrokenError, sealSecrets } from '../../db/seal';
import { randomCases } from '../support/cases';

jest.setTimeout(randomCases(200).limitMs);

const key = randomBytes(32);
const owner = { workspaceId: 'ws_1', objectId: 'src_1' };
const secrets = { url: 'postgres://u:pässwörd@h/db' };

test('sealed secrets open with the same key under the same owner', () => {
  expect(openSecrets(key, owner, sealSecrets(key, owner, secrets))).toEqual(secrets);
});

test('the sealed value holds nothing of the secret in clear', () => {
  const sealed = sealSecrets(key, owner, secrets);
  expect(sealed.includes('pässwörd')).toBe(false);
  expect(sealed.includes('url')).toBe(false);
});

test.each([
  ['another workspace', { ...owner, workspaceId: 'ws_2' }],
  ['another object', { ...owner, objectId: 'src_2' }],
  ['an owner whose ids only join to the same text', { workspaceId: 'ws_1","src_1', objectId: '' }],
])('secrets do not open under %s', (_, other) => {
  expect(() => openSecrets(key, other, sealSecrets(key, owner, secrets))).toThrow(SealBrokenError);
});

test('another key is told apart from damage, and names SECRET_KEY', () => {
  const sealed = sealSecrets(key, owner, secrets);
  expect(() => openSecrets(randomBytes(32), owner, sealed)).toThrow(/another SECRET_KEY/);
});

test('no byte of a sealed value can be changed or cut off unnoticed', () => {
  const sealed = sealSecrets(key, owner, secrets);
  for (let place = 0; place < sealed.length; place += 1) {
    const damaged = Buffer.from(sealed);
    damaged[place] = (damaged[place] ?? 0) ^ 1;
    expect(() => openSecrets(key, owner, damaged)).toThrow(SealBrokenError);
    expect(() => openSecrets(key, owner, sealed.subarray(0, place))).toThrow(SealBrokenError);
  }
});

// A million with `npm run test:property`; each takes some twenty microseconds.
const seals = (randomCases(200).options.numRuns ?? 0) * 100;

test('the same secrets never seal to the same bytes twice, nor under the same nonce', () => {
  const nonces = new Set<string>();
  for (let sealed = 0; sealed < seals; sealed += 1)
    nonces.add(sealSecrets(key, owner, secrets).toString('latin1', 9, 21));
  expect(nonces.size).toBe(seals);
});

test('of several keys the first seals, and each opens what it has sealed', () => {
  const other = randomBytes(32);
  const [old, fresh] = [sealSecrets(other, owner, secrets), sealSecrets([key, other], owner, secrets)];
  for (const sealed of [old, fresh]) expect(openSecrets([key, other], owner, sealed)).toEqual(secrets);
  expect(openSecrets(key, owner, fresh)).toEqual(secrets);
  expect(() => openSecrets(other, owner, fresh)).toThrow(/another SECRET_KEY/);
  expect(() => openSecrets([key, randomBytes(32)], owner, old)).toThrow(/another SECRET_KEY/);
});

test('a key of the wrong length is refused', () => {
  expect(() => sealSecrets(randomBytes(16), owner, secrets)).toThrow(/32 bytes/);
});
