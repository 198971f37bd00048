// Owns the words with which Slack refuses a message to an incoming webhook, and what each means for us.
import type { ChannelAnswer } from '../../alert-channel';

type Verdict = Pick<ChannelAnswer, 'verdict' | 'error' | 'isAboutMessage'>;

/** The webhook itself: no message is taken there until somebody has mended it, and has switched the channel on again. */
const gone: Readonly<Record<string, string>> = {
  no_service: 'its webhook was removed or disabled',
  no_service_id: 'its webhook is not known',
  no_active_hooks: 'its webhook is disabled',
  no_team: 'its workspace is not known',
  invalid_token: 'its webhook is not valid any more',
  team_disabled: 'its workspace is disabled',
  channel_not_found: 'its channel is not there any more',
  channel_is_archived: 'its channel is archived',
  action_prohibited: 'an administrator does not let it post there',
  posting_to_general_channel_denied: 'it may not post to the general channel',
};

/** This message. Slack may mean its form, so it is offered once more as plain text. */
const refused: Readonly<Record<string, string>> = {
  invalid_payload: 'the message cannot be read',
  invalid_blocks: 'the form of the message is not known',
  invalid_blocks_format: 'the form of the message is not known',
  invalid_attachments: 'the form of the message is not known',
  missing_text_or_fallback_or_attachments: 'the message has no text',
  no_text: 'the message has no text',
  msg_too_long: 'the message is too long',
  msg_blocks_too_long: 'the message is too long',
  too_many_attachments: 'the message has too many parts',
  user_not_found: 'the message names somebody who is not there',
};

/** What an answer means. */
export function slackVerdict(status: number, text: string): Verdict {
  const word = text.trim();
  if (status === 200 && word === 'ok') return { verdict: 'accepted', error: null };
  const [isGone, isRefused] = [wordIn(gone, word), wordIn(refused, word)];
  if (isGone) return { verdict: 'gone', error: `${word}: ${isGone}` };
  if (isRefused) return { verdict: 'refused', error: `${word}: ${isRefused}` };
  if (status === 429) return { verdict: 'trouble', error: 'HTTP 429: too many messages' };
  if (status >= 300 && status < 400)
    return { verdict: 'trouble', error: `HTTP ${status} (redirects are not followed)` };
  // A page of a proxy, or a word that is new: the webhook may be as good as ever.
  if (status < 300) return { verdict: 'trouble', error: `HTTP ${status} without Slack's ok` };
  return { verdict: 'trouble', error: `HTTP ${status}`, ...(status === 400 ? { isAboutMessage: true } : {}) };
}

function wordIn(words: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}
