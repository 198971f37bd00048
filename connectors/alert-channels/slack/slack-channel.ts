// Owns the Slack channel: an incoming webhook, called through Slack's own package over our guarded connections.
import { IncomingWebhook, type IncomingWebhookSendArguments } from '@slack/webhook';
import type { AddressGuard } from '../../address-guard';
import type { AlertChannel, ChannelAnswer } from '../../alert-channel';
import type { Connection } from '../../connection';
import type { HttpClient } from '../../http/http-client';
import {
  callChannel,
  type CallResult,
  channelClient,
  deliveryDeadlineMs,
  judged,
  withoutAnswer,
} from '../channel-call';
import { readSlackConfig, type SlackConfig } from './slack-config';
import { plainText, slackMessage } from './slack-message';
import { slackVerdict } from './slack-words';

/** Opens nothing yet. Throws ChannelUnreadableError. */
export function slackChannel(connection: Connection, guard: AddressGuard): AlertChannel {
  const config = readSlackConfig(connection);
  const client = channelClient(guard);
  return {
    async deliver(message, signal) {
      const startedMs = performance.now();
      const tried = await offer(slackMessage(message), startedMs);
      if (tried.verdict !== 'refused' && !tried.isAboutMessage) return tried;
      // Blocks that Slack does not take (any more), whatever its word for that, must not cost the message.
      return offer({ text: plainText(message) }, startedMs);

      function offer(form: object, sinceMs: number): Promise<ChannelAnswer> {
        return send({ config, client, sinceMs, signal }, form);
      }
    },
    close: () => client.close(),
  };
}

interface Try {
  readonly config: SlackConfig;
  readonly client: HttpClient;
  readonly sinceMs: number;
  readonly signal: AbortSignal;
}

async function send(one: Try, form: IncomingWebhookSendArguments): Promise<ChannelAnswer> {
  const { config, sinceMs, signal } = one;
  const results: CallResult[] = [];
  const webhook = new IncomingWebhook(config.url, {
    // What it throws for a refused message keeps neither the answer's word nor its Retry-After: they are taken here.
    fetch: async (_url, init) => {
      const { body } = init ?? {};
      const result = await call(one, typeof body === 'string' ? body : '');
      results.push(result);
      if (!result.answer) throw new Error(result.trouble);
      return new Response(result.answer.text, { status: result.answer.status });
    },
  });
  // Slack would fetch what we link to, and show what it finds there; a name may hold an address, too.
  const unseen = { unfurl_links: false, unfurl_media: false };
  await webhook.send({ ...form, ...unseen }).catch(() => signal.throwIfAborted());
  const took = Math.round(performance.now() - sinceMs);
  const { answer, trouble = 'no answer' } = results.at(-1) ?? {};
  if (!answer) return withoutAnswer(trouble, took);
  return judged(answer, slackVerdict(answer.status, answer.text), took, config.secretTexts);
}

function call({ client, config, sinceMs, signal }: Try, body: string): Promise<CallResult> {
  const leftMs = deliveryDeadlineMs - (performance.now() - sinceMs);
  const headers = { 'content-type': 'application/json', 'user-agent': 'SignalSmith-Alerts' };
  return callChannel(
    client,
    { method: 'POST', url: config.url, headers, body: Buffer.from(body) },
    leftMs,
    signal,
  );
}
