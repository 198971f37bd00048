// Owns one channel of each kind for tests: secrets with marks in them, and how a server of that kind answers.
import type { ChannelKind } from './channel-contract';

const key = 'CanaryKeyQzXwCanaryKey';

export const slackKind: ChannelKind = {
  kind: 'slack',
  secretsAt: (url) => ({ url: `${url}/services/T0CANARY1/B0CANARY2/${key}` }),
  canaries: [key, 'T0CANARY1', 'B0CANARY2'],
  accept: (response) => response.writeHead(200).end('ok'),
  gone: [
    [404, 'no_service'],
    [404, 'no_active_hooks'],
    [404, 'channel_not_found'],
    [410, 'channel_is_archived'],
    [403, 'action_prohibited'],
    [403, 'invalid_token'],
    [403, 'team_disabled'],
  ],
};

export const webhookSecret = `whsec_${Buffer.from('canary of a signing secret').toString('base64')}`;

export const webhookKind: ChannelKind = {
  kind: 'webhook',
  secretsAt: (url) => ({
    url: `${url.replace('://', `://user:${key}@`)}/in?token=${key}2`,
    secrets: [{ secret: webhookSecret, expires_at: null }],
  }),
  canaries: [
    key,
    webhookSecret,
    webhookSecret.slice('whsec_'.length),
    Buffer.from(`user:${key}`).toString('base64'),
  ],
  accept: (response) => response.writeHead(204).end(),
  gone: [[410, 'no more, please']],
};

export const channelKinds = [slackKind, webhookKind];
