// Owns verifying a webhook's signature as its receivers do: with Node's crypto alone, by the rules of Standard Webhooks.
import crypto from 'node:crypto';

// Five minutes, as Standard Webhooks has it: more than any clock is wrong by, and less than anybody needs to use a request again.
const toleranceSeconds = 300;

export interface SignedRequest {
  readonly id: string;
  readonly timestamp: string;
  /** `v1,<base64>`, several with blanks between them. */
  readonly signature: string;
  /** As it arrived: parsed and written anew it has other bytes. */
  readonly body: string;
}

/** Why the request is not from who has one of the secrets, or not of now; null when it is. */
export function faultOf(
  { id, timestamp, signature, body }: SignedRequest,
  secrets: readonly string[],
  nowSeconds = Math.floor(Date.now() / 1_000),
): string | null {
  if (!id || !timestamp || !signature) return 'a header is missing';
  const seconds = Number(timestamp);
  if (!Number.isInteger(seconds)) return 'the timestamp is no number of seconds';
  if (Math.abs(nowSeconds - seconds) > toleranceSeconds) return 'the timestamp is too old or too new';
  const given = signature.split(' ').flatMap((each) => (each.startsWith('v1,') ? [each.slice(3)] : []));
  const isKnown = secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const ours = crypto.createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
    return given.some((theirs) => isEqual(ours, Buffer.from(theirs, 'base64')));
  });
  return isKnown ? null : 'no signature fits';
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && crypto.timingSafeEqual(one, other);
}
