// Owns the webhook channel: one signed POST for each try, and what its status means.
import { webhookEventOf } from '../../../domain/alerts/webhook-event';
import type { AddressGuard } from '../../address-guard';
import type { AlertChannel, ChannelAnswer } from '../../alert-channel';
import type { Connection } from '../../connection';
import { callChannel, channelClient, deliveryDeadlineMs, judged, withoutAnswer } from '../channel-call';
import { signedHeaders } from './sign';
import { readWebhookConfig } from './webhook-config';

// Body too large, or refused as such. Some verifiers answer 400 to a signature that they do not know, which is no word on
// the message: so it is tried again, some times.
const ofTheMessage = new Set([400, 413, 422]);

/** Opens nothing yet. Throws ChannelUnreadableError. */
export function webhookChannel(connection: Connection, guard: AddressGuard): AlertChannel {
  const config = readWebhookConfig(connection);
  const client = channelClient(guard);
  return {
    async deliver(message, signal) {
      const startedMs = performance.now();
      const took = (): number => Math.round(performance.now() - startedMs);
      const body = JSON.stringify(webhookEventOf(message));
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'SignalSmith-Alerts',
        ...(config.authorization === null ? {} : { authorization: config.authorization }),
        ...signedHeaders(message.id, body, config.secrets, new Date()),
      };
      const call = { method: 'POST', url: config.url, headers, body: Buffer.from(body) } as const;
      const { answer, trouble } = await callChannel(client, call, deliveryDeadlineMs, signal);
      if (!answer) return withoutAnswer(trouble, took());
      return judged(answer, verdictOf(answer.status), took(), config.secretTexts);
    },
    close: () => client.close(),
  };
}

function verdictOf(status: number): Pick<ChannelAnswer, 'verdict' | 'error' | 'isAboutMessage'> {
  if (status >= 200 && status < 300) return { verdict: 'accepted', error: null };
  // What Standard Webhooks has a receiver say that wants no more.
  if (status === 410) return { verdict: 'gone', error: 'HTTP 410: it wants no more messages' };
  if (status < 400) return { verdict: 'trouble', error: `HTTP ${status} (redirects are not followed)` };
  const error = `HTTP ${status}`;
  return ofTheMessage.has(status)
    ? { verdict: 'trouble', error, isAboutMessage: true }
    : { verdict: 'trouble', error };
}
