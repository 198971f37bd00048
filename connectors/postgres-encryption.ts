// Owns the word of advice about a PostgreSQL connection that others on its way could read. Connects to nothing.
import { BlockList, isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { CheckedThing } from './source';

const thisMachine = new BlockList();
thisMachine.addSubnet('127.0.0.0', 8, 'ipv4');
thisMachine.addAddress('::1', 'ipv6');

/** Advice and no fault, as of too many rights: nothing when the connection is encrypted, or never leaves the machine. */
export function encryptionAdvice(socket: Socket): CheckedThing[] {
  const address = socket.remoteAddress ?? '';
  if (socket instanceof TLSSocket || isThisMachine(address)) return [];
  const detail =
    'Not encrypted: who is on the way can read the password and all rows. sslmode=require in the URL encrypts it';
  return [{ name: 'encryption', ok: true, detail }];
}

function isThisMachine(address: string): boolean {
  const family = isIP(address);
  // An IPv4 address in its IPv6 form is judged by what it stands for.
  return family !== 0 && thisMachine.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
