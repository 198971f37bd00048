// Owns how stored credentials are sealed and opened. Does not know where they are kept or what they open.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

const format = 1;
const keyIdBytes = 8;
const nonceBytes = 12; // what GCM is specified for; random is safe because every object has a key of its own
const tagBytes = 16;
const headerBytes = 1 + keyIdBytes + nonceBytes;

/**
 * 32 bytes that seal and open. Of several the first one seals, and each opens what it has sealed: while the key is being
 * changed the new one and the old one are both known.
 */
export type SecretKey = Buffer | readonly [Buffer, ...Buffer[]];

/** Whose secrets these are; opening them under another name fails. */
export interface SealOwner {
  readonly workspaceId: string;
  readonly objectId: string;
}

/** A sealed value that this key and owner do not open. Holds nothing of the content. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError';
}

/** AES-256-GCM over the JSON of `secrets`: format, key id, nonce, ciphertext, tag. */
export function sealSecrets(secretKey: SecretKey, owner: SealOwner, secrets: object): Buffer {
  const [key] = knownKeys(secretKey);
  const header = Buffer.concat([Buffer.from([format]), keyIdOf(key), randomBytes(nonceBytes)]);
  const cipher = createCipheriv('aes-256-gcm', objectKey(key, owner), header.subarray(1 + keyIdBytes));
  cipher.setAAD(associatedData(header, owner));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(secrets), 'utf8'), cipher.final()]);
  return Buffer.concat([header, sealed, cipher.getAuthTag()]);
}

/** What `sealSecrets` was given. Throws SealBrokenError for another key, another owner or a damaged value. */
export function openSecrets(secretKey: SecretKey, owner: SealOwner, sealed: Buffer): Record<string, unknown> {
  if (sealed.length < headerBytes + tagBytes || sealed[0] !== format) {
    throw new SealBrokenError(
      `the sealed secrets of ${owner.objectId} are damaged or of a format this build does not know`,
    );
  }
  const header = sealed.subarray(0, headerBytes);
  const key = knownKeys(secretKey).find((known) => keyIdOf(known).equals(sealedBy(sealed)));
  if (!key) {
    throw new SealBrokenError(
      `the secrets of ${owner.objectId} were sealed with another SECRET_KEY: set the one they were stored with`,
    );
  }
  const decipher = createDecipheriv('aes-256-gcm', objectKey(key, owner), header.subarray(1 + keyIdBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(associatedData(header, owner));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    const opened = [
      decipher.update(sealed.subarray(headerBytes, sealed.length - tagBytes)),
      decipher.final(),
    ];
    return JSON.parse(Buffer.concat(opened).toString('utf8')) as Record<string, unknown>;
  } catch (error) {
    throw new SealBrokenError(
      `the sealed secrets do not belong to ${owner.objectId} of ${owner.workspaceId}`,
      {
        cause: error,
      },
    );
  }
}

/** Eight bytes that name the key that seals now; a sealed value has those of its own key from its second byte on. */
export function sealingKeyId(secretKey: SecretKey): Buffer {
  return keyIdOf(knownKeys(secretKey)[0]);
}

function sealedBy(sealed: Buffer): Buffer {
  return sealed.subarray(1, 1 + keyIdBytes);
}

/** All of them, the one that seals and signs first. */
export function knownKeys(secretKey: SecretKey): readonly [Buffer, ...Buffer[]] {
  return Buffer.isBuffer(secretKey) ? [secretKey] : secretKey;
}

// Names the key without giving anything of it away, so that a change of keys knows which values are still old.
function keyIdOf(key: Buffer): Buffer {
  if (key.length !== 32) throw new RangeError(`the secret key must be 32 bytes, got ${key.length}`);
  return createHash('sha256').update('signalsmith key id\0').update(key).digest().subarray(0, keyIdBytes);
}

function objectKey(key: Buffer, owner: SealOwner): Buffer {
  const info = `signalsmith secrets\0${JSON.stringify([owner.workspaceId, owner.objectId])}`;
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), info, 32));
}

function associatedData(header: Buffer, owner: SealOwner): Buffer {
  return Buffer.concat([header, Buffer.from(JSON.stringify([owner.workspaceId, owner.objectId]))]);
}
