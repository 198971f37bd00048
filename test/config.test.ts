import { ConfigError, loadConfig, loadServiceConfig, secretKeyOf } from '../config';

const key = Buffer.alloc(32, 7);

test('an empty environment has a default for everything', () => {
  const config = loadConfig({ PORT: '', DATABASE_URL: '' });
  expect(config).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: null,
    temporalPort: 7233,
    demo: true,
  });
  expect(config.portsSetByHand.size).toBe(0);
});

test('all faults are listed at once, and no value is repeated', () => {
  const env = {
    PORT: '0',
    DATABASE_URL: 'mysql://me:sesame@host/db',
    SECRET_KEY: 'c2hvcnQ=',
  };
  const load = () => loadConfig(env);
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(/PORT .*\n +DATABASE_URL .*\n +SECRET_KEY /);
  expect(load).not.toThrow(/sesame/);
});

test.each([
  ['1', true],
  ['65535', true],
  ['0', false],
  ['65536', false],
  ['80a', false],
  ['-1', false],
])('port %s is accepted: %s', (port, isAccepted) => {
  if (isAccepted) expect(loadConfig({ PORT: port }).port).toBe(Number(port));
  else expect(() => loadConfig({ PORT: port })).toThrow(/PORT must be a port number/);
});

test('the demo writes to a foreign server only when told to', () => {
  const DATABASE_URL = 'postgres://me@db.example.com/signals';
  expect(loadConfig({ DATABASE_URL }).demo).toBe(false);
  expect(loadConfig({ DATABASE_URL, DEMO: '1' }).demo).toBe(true);
  expect(loadConfig({ DEMO: '0' }).demo).toBe(false);
});

test('a key is the same from hex and from base64', () => {
  expect(loadConfig({ SECRET_KEY: key.toString('hex') }).secretKey).toEqual(key);
  expect(loadConfig({ SECRET_KEY: key.toString('base64') }).secretKey).toEqual(key);
});

test('a service names every variable it lacks', () => {
  expect(() => loadServiceConfig({ DATABASE_URL: 'postgres://me@host/db' })).toThrow(
    /TEMPORAL_ADDRESS must be set.*\n +SECRET_KEY must be set/,
  );
});

test('a port set by hand is known as such, also when it is the default', () => {
  expect(loadConfig({ TEMPORAL_PORT: '7233' }).portsSetByHand).toEqual(new Set(['TEMPORAL_PORT']));
});

test('with a previous key the present one seals and both open', () => {
  const services = { DATABASE_URL: 'postgres://me@host/db', TEMPORAL_ADDRESS: 'temporal:7233' };
  const [present, previous] = [key.toString('hex'), Buffer.alloc(32, 8).toString('base64')];
  expect(secretKeyOf(loadServiceConfig({ ...services, SECRET_KEY: present }))).toEqual(key);
  const both = loadServiceConfig({ ...services, SECRET_KEY: present, SECRET_KEY_PREVIOUS: previous });
  expect(secretKeyOf(both)).toEqual([key, Buffer.alloc(32, 8)]);
  expect(() => loadConfig({ SECRET_KEY_PREVIOUS: 'short' })).toThrow(/SECRET_KEY_PREVIOUS must be 32 bytes/);
});

test('a limit is a number of requests a minute, and 0 is none', () => {
  expect(loadConfig({ RATE_LIMIT_READS: '0', RATE_LIMIT_TRIGGERS: '30' })).toMatchObject({
    rateLimitReads: 0,
    rateLimitWrites: 1_200,
    rateLimitTriggers: 30,
  });
  for (const wrong of ['-1', 'many', '1.5'])
    expect(() => loadConfig({ RATE_LIMIT_WRITES: wrong })).toThrow(/RATE_LIMIT_WRITES must be a number/);
});
test.each([
  ['127.0.0.1', ['127.0.0.1']],
  ['10.1.0.0/16, fd00:1::/32', ['10.1.0.0/16', 'fd00:1::/32']],
  ['0.0.0.0/0', ['0.0.0.0/0']],
  ['all', ['0.0.0.0/0', '::/0']],
])('inside %s may be called', (ALLOWED_INSIDE_ADDRESSES, networks) => {
  expect(loadConfig({ ALLOWED_INSIDE_ADDRESSES }).allowedInsideAddresses).toEqual(networks);
});

test.each([
  'localhost',
  '10.1.0.0/33',
  '::1/129',
  '10.1.0.0/',
  '10.1.0.0/8/8',
  '10.1',
  'fe80::1%eth0',
  'all,10.0.0.1',
  ',',
])('%s names no addresses inside', (ALLOWED_INSIDE_ADDRESSES) => {
  expect(() => loadConfig({ ALLOWED_INSIDE_ADDRESSES })).toThrow(
    /ALLOWED_INSIDE_ADDRESSES must be addresses/,
  );
});
