// Owns what a request about alert channels may hold: one schema per kind, turned into what is stored.
import { z } from 'zod';
import type { AlertChannelKind, ChannelSecret } from '../../../domain/alerts/channel';
import { httpAddress } from '../../configuration/http-address';
import { name } from '../../fields';
import { isSigningSecret, newSigningSecret } from './signing-secret';

const slackHost = 'hooks.slack.com';

/** The whole of it is a secret: who has it can write there. */
const slackUrl = httpAddress('Must not hold a user or password.').refine(
  (address) => {
    const url = URL.canParse(address) ? new URL(address) : null;
    // Another host, behind which Slack may be, has its own paths; another protocol is a fault already.
    if (url?.hostname !== slackHost || !url.protocol.startsWith('http')) return true;
    return url.protocol === 'https:' && url.pathname.startsWith('/services/');
  },
  { error: `Must be https://${slackHost}/services/…, as Slack shows it.` },
);

const webhookUrl = httpAddress('Must not hold a user or password: messages are signed.');

const signingSecret = z.string().refine(isSigningSecret, {
  error: 'Must be whsec_ and base64 of 24 to 64 bytes.',
});

const newSlackChannel = z
  .strictObject({ name, kind: z.literal('slack'), secrets: z.strictObject({ url: slackUrl }) })
  .transform(({ name, kind, secrets }) => ({
    name,
    kind,
    config: shownOf(kind, secrets.url),
    secrets,
    made: null,
  }));

const newWebhookChannel = z
  .strictObject({
    name,
    kind: z.literal('webhook'),
    url: webhookUrl.meta({ description: 'Its query is kept like a secret, and not shown.' }),
    secret: signingSecret.optional().meta({
      description: 'Signs the messages; left out, one is made and shown in this answer alone.',
      example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    }),
  })
  .transform(({ name, kind, url, secret }) => {
    const made = secret === undefined ? newSigningSecret() : null;
    const secrets: ChannelSecret[] = [{ secret: secret ?? made ?? '', expires_at: null }];
    return { name, kind, config: shownOf(kind, url), secrets: { url, secrets }, made };
  });

/** Body of POST /alert-channels. `made`: the secret that nobody has seen yet. */
export const newChannel = z.discriminatedUnion(
  'kind',
  [newSlackChannel, newWebhookChannel],
  'Must be "slack" or "webhook".',
);

/** Body of PATCH /alert-channels/{id}: what every kind has, and the URL where its kind has it. */
export const channelPatch = z.strictObject({
  name: name.optional(),
  enabled: z.boolean().optional().meta({
    description: 'Off, nothing is told there any more, and what was still to be told is withdrawn.',
  }),
  url: webhookUrl.optional().meta({ description: 'Of a webhook.' }),
  secrets: z.strictObject({ url: slackUrl }).optional().meta({ description: 'Of a Slack channel.' }),
});

export type ChannelPatch = z.output<typeof channelPatch>;

/** Thirty days: a secret that may be used longer was not rotated. */
const mostKeepHours = 720;

/** Body of POST …/rotate-secret; all of it may be left out. */
export const rotation = z.strictObject({
  keep_old_hours: z.int().min(0).max(mostKeepHours).default(24).meta({
    description: 'For so long messages are signed with the old secret as well.',
  }),
});

/** What may be shown of an address: of Slack's the host alone. */
export function shownOf(kind: AlertChannelKind, address: string): { host: string } | { url: string } {
  const url = new URL(address);
  if (kind === 'slack') return { host: url.host };
  url.search = '';
  url.hash = '';
  return { url: url.href };
}
