// Owns the secrets of webhooks, in the form of Standard Webhooks: made here, and recognised. Signs nothing.
import { randomBytes } from 'node:crypto';

const prefix = 'whsec_';
// What Standard Webhooks asks for.
const leastBytes = 24;
const mostBytes = 64;

export function newSigningSecret(): string {
  // 32: as many as the hash it is for.
  return prefix + randomBytes(32).toString('base64');
}

export function isSigningSecret(text: string): boolean {
  if (!text.startsWith(prefix)) return false;
  const encoded = text.slice(prefix.length);
  const bytes = Buffer.from(encoded, 'base64');
  // Decoding overlooks what is no base64.
  return bytes.toString('base64') === encoded && bytes.length >= leastBytes && bytes.length <= mostBytes;
}
