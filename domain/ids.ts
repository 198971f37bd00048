// Owns the shape of every id: a prefix that names the kind, then 26 characters that sort by time. Makes no randomness.

declare const brand: unique symbol;
type Id<Kind extends string> = string & { readonly [brand]: Kind };

export type WorkspaceId = Id<'workspace'>;
export type TokenId = Id<'token'>;
export type SourceId = Id<'source'>;
export type ModelId = Id<'model'>;
export type DestinationId = Id<'destination'>;
export type SyncId = Id<'sync'>;
export type RunId = Id<'run'>;
export type AlertId = Id<'alert'>;
export type AlertChannelId = Id<'channel'>;
export type DeliveryId = Id<'delivery'>;

/** Prefix of each kind of id, as it stands on the wire and in every table. */
export const idPrefixes = {
  workspace: 'ws',
  token: 'tok',
  source: 'src',
  model: 'mdl',
  destination: 'dst',
  sync: 'sync',
  run: 'run',
  alert: 'alrt',
  channel: 'chan',
  delivery: 'dlv',
} as const;

export type IdKind = keyof typeof idPrefixes;

// Crockford's base32 in lower case: no i, l, o, u, so an id can be read out over the phone.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeCharacters = 10;
const randomCharacters = 16;

/** An id of `kind`: 10 characters of `timeMs` (milliseconds since 1970), 16 of `random` (at least 16 bytes). */
export function encodeId<Kind extends IdKind>(kind: Kind, timeMs: number, random: Uint8Array): Id<Kind> {
  if (random.length < randomCharacters) {
    throw new RangeError(`an id needs ${randomCharacters} random bytes, got ${random.length}`);
  }
  let time = '';
  let rest = timeMs;
  for (let place = 0; place < timeCharacters; place += 1) {
    time = alphabet.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let tail = '';
  for (let place = 0; place < randomCharacters; place += 1) {
    tail += alphabet.charAt((random[place] ?? 0) % 32);
  }
  return `${idPrefixes[kind]}_${time}${tail}` as Id<Kind>;
}

/** Whether `text` has the form of an id of `kind`; says nothing about its existence. */
export function isId<Kind extends IdKind>(kind: Kind, text: string): text is Id<Kind> {
  const prefix = `${idPrefixes[kind]}_`;
  return text.startsWith(prefix) && /^[0-9a-z]{1,40}$/.test(text.slice(prefix.length));
}
