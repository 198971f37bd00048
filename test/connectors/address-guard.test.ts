// Which addresses lie inside, in every way of writing them, and that a name is judged by what is connected to.
import { type AddressGuard, addressGuard } from '../../connectors/address-guard';

const guard = addressGuard([]);
const isRefused = (address: string, by: AddressGuard = guard): boolean => by.refusal(address) !== null;

// Each network of IPv4 by its first and last address, and the nearest ones outside it.
test.each([
  ['0.0.0.0', '0.255.255.255', null, '1.0.0.0'],
  ['10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['168.63.129.16', '168.63.129.16', '168.63.129.15', '168.63.129.17'],
  ['169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['224.0.0.0', '255.255.255.255', '223.255.255.255', null],
])('%s to %s lie inside, and nothing beside them', (first, last, before, after) => {
  expect([first, last].map((address) => isRefused(address))).toEqual([true, true]);
  expect([before, after].some((address) => address !== null && isRefused(address))).toBe(false);
});

test.each([
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback, written out'],
  ['::ffff:127.0.0.1', 'mapped loopback'],
  ['::ffff:7f00:1', 'mapped loopback in hexadecimal'],
  ['0:0:0:0:0:ffff:a00:1', 'mapped private'],
  ['::127.0.0.1', 'compatible'],
  ['::ffff:0:127.0.0.1', 'translated'],
  ['64:ff9b::127.0.0.1', 'loopback behind NAT64'],
  ['64:ff9b::a9fe:a9fe', 'metadata behind NAT64'],
  ['64:ff9b::', 'nothing behind NAT64'],
  ['64:ff9b:1::1', 'a NAT64 of the network itself'],
  ['100::1', 'discard'],
  ['2001::1', 'Teredo'],
  ['2001:db8::1', 'documentation'],
  ['2002:7f00:1::', '6to4 to loopback'],
  ['3fff::1', 'documentation'],
  ['fc00::1', 'unique local'],
  ['fd00:ec2::254', 'metadata'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local with its zone'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
  ['', 'nothing'],
  ['localhost', 'a name'],
  ['0177.0.0.1', 'octal'],
])('%s is refused: %s', (address) => {
  expect(isRefused(address)).toBe(true);
});

test.each(['8.8.8.8', '2606:4700::1111', '2a00:1450:4001::200e', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
  '%s is outside',
  (address) => {
    expect(isRefused(address)).toBe(false);
  },
);

test('what is allowed may be reached, and nothing beside it', () => {
  const some = addressGuard(['10.1.0.0/16', '127.0.0.1', 'fd00:1::/32']);
  const allowed = [
    '10.1.0.0',
    '10.1.255.255',
    '127.0.0.1',
    'fd00:1::9',
    '::ffff:10.1.2.3',
    '64:ff9b::a01:203',
  ];
  expect(allowed.filter((address) => isRefused(address, some))).toEqual([]);
  const others = ['10.0.255.255', '10.2.0.0', '127.0.0.2', 'fd00:2::1', '::1', '::ffff:10.2.0.0'];
  expect(others.filter((address) => !isRefused(address, some))).toEqual([]);
  const all = addressGuard(['0.0.0.0/0', '::/0']);
  expect(['127.0.0.1', '::1', '169.254.169.254'].filter((address) => isRefused(address, all))).toEqual([]);
});

describe('a name', () => {
  const resolving = (...addresses: string[]) =>
    addressGuard(['192.168.7.7'], (_hostname, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      ),
    );
  const lookUp = (by: AddressGuard, all: boolean): Promise<unknown> =>
    new Promise((resolve, reject) => {
      by.lookup('name.example', { all }, (error, address, family) =>
        error ? reject(error) : resolve(all ? address : { address, family }),
      );
    });

  test.each([true, false])(
    'leads to those of its addresses that are allowed (all of them: %s)',
    async (all) => {
      const found = await lookUp(resolving('10.0.0.1', '8.8.8.8', '::1', '192.168.7.7'), all);
      const first = { address: '8.8.8.8', family: 4 };
      expect(found).toEqual(all ? [first, { address: '192.168.7.7', family: 4 }] : first);
    },
  );

  test('that leads inside alone leads nowhere', async () => {
    await expect(lookUp(resolving('127.0.0.1', 'fd00::1'), true)).rejects.toMatchObject({
      code: 'ADDRESS_INSIDE',
      syscall: 'connect',
    });
  });

  test('that leads nowhere is told as ever', async () => {
    const lost = addressGuard([], (_hostname, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []),
    );
    await expect(lookUp(lost, true)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });
});
