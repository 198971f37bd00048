// Owns which addresses calls that a user describes may go to: none inside a network, unless it is allowed. Makes no call.
import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** The address lies inside, and is not allowed. The message names it, and is for us. */
class AddressInsideError extends Error {
  override readonly name = 'AddressInsideError';
  readonly code = 'ADDRESS_INSIDE';
  // As of any connection that could not be made: nothing was sent.
  readonly syscall = 'connect';

  constructor(address: string) {
    super(`${address} lies inside a network`);
  }
}

/** Guards every connection that is made with it. */
export interface AddressGuard {
  /** Why no connection may be made to the IP address; null when it may. What cannot be read as an address may not. */
  refusal(address: string): AddressInsideError | null;
  /**
   * Resolves a name to those of its addresses that are allowed; AddressInsideError when none is. What was judged here is
   * what the socket connects to: between the two nobody asks again.
   */
  readonly lookup: LookupFunction;
}

type Resolve = (
  hostname: string,
  options: dns.LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: dns.LookupAddress[]) => void,
) => void;

/**
 * `allowedInside`: addresses and networks like `10.1.0.0/16` that may be reached although they lie inside. `resolve` is a
 * test's.
 */
export function addressGuard(allowedInside: readonly string[], resolve: Resolve = dns.lookup): AddressGuard {
  const allowed = listOf(allowedInside);
  const isAllowed = (address: string): boolean => includes(allowed, address) || !isInside(address);
  return {
    refusal: (address) => (isAllowed(address) ? null : new AddressInsideError(address)),
    lookup(hostname, options, callback) {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, '');
        const reachable = addresses.filter(({ address }) => isAllowed(address));
        const [first] = reachable;
        if (!first) return callback(new AddressInsideError(hostname), '');
        return options.all ? callback(null, reachable) : callback(null, first.address, first.family);
      });
    },
  };
}

// IANA's special-purpose registry, all that is not globally reachable, and what no call of ours belongs to.
const insideV4 = listOf([
  '0.0.0.0/8', // this host
  '10.0.0.0/8', // private
  '100.64.0.0/10', // behind a carrier's NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16', // Azure's own server beside each machine
  '169.254.0.0/16', // link-local, the metadata of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocols; Oracle's metadata
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // relays of 6to4
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
]);

// Of IPv6 only what is given to the world is outside; the rest is loopback, local, multicast, or not given to anyone.
const worldV6 = listOf(['2000::/3']);
const insideV6 = listOf([
  '2001::/23', // protocols, Teredo
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4, which leads to any IPv4 address
  '3fff::/20', // documentation
]);

// IPv6 addresses that stand for an IPv4 one: ::ffff:a.b.c.d, and what NAT64 makes of it. Networks without IPv4 reach half
// the world by the latter, so it is judged by what it stands for.
const standsForV4 = listOf(['::ffff:0:0/96', '64:ff9b::/96']);

function isInside(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return insideV4.check(address, 'ipv4');
  if (family !== 6 || address.includes('%')) return true;
  const embedded = embeddedV4(address);
  if (embedded !== null) return insideV4.check(embedded, 'ipv4');
  return !worldV6.check(address, 'ipv6') || insideV6.check(address, 'ipv6');
}

/** Whether a list has the address, or the IPv4 address that it stands for. */
function includes(list: BlockList, address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  if (list.check(address, family === 4 ? 'ipv4' : 'ipv6')) return true;
  const embedded = family === 6 ? embeddedV4(address) : null;
  return embedded !== null && list.check(embedded, 'ipv4');
}

function embeddedV4(address: string): string | null {
  if (!standsForV4.check(address, 'ipv6')) return null;
  // The canonical form ends in two groups of 16 bits, whichever way the address was written.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const groups = canonical.split(':');
  const [high, low] = [groups.at(-2), groups.at(-1)].map((group) => parseInt(group || '0', 16));
  return [high, low].flatMap((group = 0) => [group >> 8, group & 255]).join('.');
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}
