// Owns what a stored webhook channel holds: its address and the secrets it signs with. Makes no call.
import { z } from 'zod';
import { ChannelUnreadableError } from '../../alert-channel';
import type { Connection } from '../../connection';
import { hiddenTexts, queryTexts } from '../../http/hidden-texts';

const schema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  /** The newest first. */
  secrets: z
    .array(z.object({ secret: z.string().startsWith('whsec_'), expires_at: z.iso.datetime().nullable() }))
    .min(1),
});

export interface WebhookConfig {
  /** As it is called: without user and password. */
  readonly url: string;
  /** Of the URL's user and password; null: it has none. */
  readonly authorization: string | null;
  readonly secrets: readonly { readonly secret: string; readonly expiresAt: Date | null }[];
  /** Texts to hide wherever they show up. */
  readonly secretTexts: readonly string[];
}

/** Throws ChannelUnreadableError. */
export function readWebhookConfig({ secrets: stored }: Connection): WebhookConfig {
  const parsed = schema.safeParse(stored);
  if (!parsed.success)
    throw new ChannelUnreadableError('the stored webhook is of a form that this build does not know');
  const { url, secrets } = parsed.data;
  const address = new URL(url);
  const { username, password } = address;
  const [user, word] = [decodeURIComponent(username), decodeURIComponent(password)];
  address.username = address.password = address.hash = '';
  const basic = username || password ? Buffer.from(`${user}:${word}`).toString('base64') : null;
  return {
    url: address.href,
    authorization: basic === null ? null : `Basic ${basic}`,
    secrets: secrets.map(({ secret, expires_at: at }) => ({ secret, expiresAt: at ? new Date(at) : null })),
    secretTexts: hiddenTexts([
      ...(basic === null ? [] : [basic]),
      ...secrets.flatMap(({ secret }) => [secret, secret.slice('whsec_'.length)]),
      ...queryTexts(address),
      word,
      password,
    ]),
  };
}
