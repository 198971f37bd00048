// When a check advises to encrypt the connection to a PostgreSQL server.
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { encryptionAdvice } from '../../connectors/postgres-encryption';

const socketTo = (address: string): Socket =>
  Object.defineProperty(new Socket(), 'remoteAddress', { value: address });

test.each(['10.1.2.3', '93.184.216.34', '2001:db8::1', '::ffff:10.1.2.3', 'fe80::1'])(
  'a plain connection to %s is advised against',
  (address) => {
    expect(encryptionAdvice(socketTo(address))).toEqual([
      { name: 'encryption', ok: true, detail: expect.stringMatching(/^Not encrypted: .*sslmode=require/) },
    ]);
  },
);

test.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])(
  'a plain connection to %s, on this machine, is not',
  (address) => {
    expect(encryptionAdvice(socketTo(address))).toEqual([]);
  },
);

test('an encrypted one is not either', () => {
  const socket = new TLSSocket(socketTo('10.1.2.3'));
  expect(encryptionAdvice(Object.defineProperty(socket, 'remoteAddress', { value: '10.1.2.3' }))).toEqual([]);
});
