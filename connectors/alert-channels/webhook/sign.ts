// Owns the signature of a webhook's request, as standardwebhooks.com has it: one for each secret that is valid.
import { Webhook } from 'standardwebhooks';

export interface SigningSecret {
  /** `whsec_` and base64. */
  readonly secret: string;
  /** Null: it is valid until it is replaced. */
  readonly expiresAt: Date | null;
}

export interface SignedHeaders {
  /** Stable over every try. */
  readonly 'webhook-id': string;
  /** Of this try, seconds: a receiver refuses what is older than its tolerance. */
  readonly 'webhook-timestamp': string;
  readonly 'webhook-signature': string;
}

/** Headers for the body as it is sent. A receiver who knows any of the secrets can verify them. */
export function signedHeaders(
  id: string,
  body: string,
  secrets: readonly SigningSecret[],
  now: Date,
): SignedHeaders {
  const valid = secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > now);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': valid.map(({ secret }) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
}
