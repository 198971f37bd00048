// Owns what the routes of alert channels answer.
import { z } from 'zod';
import { idAnswer, timeAnswer } from '../../answers';
import { secretsAnswer, writtenAnswer } from '../../sources/answers';

const common = { id: idAnswer('channel'), name: z.string().meta({ example: 'Data on call' }) };

const rest = {
  secrets: secretsAnswer,
  enabled: z.boolean().meta({ description: 'Off, nothing is told there.' }),
  disabled_at: timeAnswer.nullable().meta({
    description: 'When it was switched off because nothing could be told there any more.',
  }),
  disabled_reason: z.string().nullable().meta({ description: 'And why; null: it was not, or by a person.' }),
  failing_since: timeAnswer
    .nullable()
    .meta({ description: 'Since when nothing has been accepted there; null: what came last was.' }),
  ...writtenAnswer,
};

const slack = {
  ...common,
  kind: z.literal('slack'),
  config: z.strictObject({ host: z.string().meta({ example: 'hooks.slack.com' }) }),
  ...rest,
};

const webhook = {
  ...common,
  kind: z.literal('webhook'),
  config: z.strictObject({ url: z.string().meta({ description: 'Without its query.' }) }),
  ...rest,
};

const description = 'Where people are told: a Slack channel, or a webhook whose messages are signed.';

export const channelAnswer = z
  .discriminatedUnion('kind', [
    z.strictObject(slack).meta({ id: 'SlackChannel' }),
    z.strictObject(webhook).meta({ id: 'WebhookChannel' }),
  ])
  .meta({ id: 'AlertChannel', description });

const secret = z.string().meta({
  description: 'What messages are signed with, shown this once.',
  example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
});

export const newChannelAnswer = z
  .discriminatedUnion('kind', [
    z.strictObject(slack).meta({ id: 'NewSlackChannel' }),
    z.strictObject({ ...webhook, secret: secret.optional() }).meta({ id: 'NewWebhookChannel' }),
  ])
  .meta({ id: 'NewAlertChannel', description });

/** POST …/rotate-secret. */
export const rotatedAnswer = z
  .strictObject({
    ...webhook,
    secret,
    old_secrets_valid_until: timeAnswer.meta({
      description: 'Until then at the latest messages are signed with the secrets before it, too.',
    }),
  })
  .meta({ id: 'RotatedChannel' });

/** POST …/test. */
export const testAnswer = z
  .strictObject({
    ok: z.boolean().meta({ description: 'Whether the message was accepted.' }),
    delivery_id: idAnswer('delivery'),
    http_status: z.int().nullable().meta({ description: 'Null: there was no answer.' }),
    error: z.string().nullable(),
    answer: z.string().nullable().meta({ description: 'The beginning of it, up to 2 kB.' }),
    duration_ms: z.int().min(0).nullable(),
  })
  .meta({ id: 'ChannelTest', description: 'What became of a test message.' });
