// Owns the blocks of Slack's Block Kit that our messages are made of, and Slack's limits on them (docs.slack.dev/block-kit).
import { escaped } from './mrkdwn';

export interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  /** `:word:` stays as it is. */
  readonly emoji: false;
}

export interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  /** Addresses, channels and people in the text are not made into links and mentions. */
  readonly verbatim: true;
}

export type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: Mrkdwn }
  | { readonly type: 'section'; readonly fields: readonly Mrkdwn[] }
  | { readonly type: 'context'; readonly elements: readonly Mrkdwn[] };

export const slackLimits = {
  headerText: 150,
  sectionText: 3_000,
  fields: 10,
  fieldText: 2_000,
  contextElements: 10,
  blocks: 50,
  /** Beyond 4,000 Slack advises against, beyond 40,000 it cuts. */
  messageText: 4_000,
} as const;

export function header(text: string): SlackBlock {
  return {
    type: 'header',
    text: { type: 'plain_text', text: escaped(text, slackLimits.headerText), emoji: false },
  };
}

/** `text` is escaped, and has room. */
export function section(text: string): SlackBlock {
  return { type: 'section', text: mrkdwn(text) };
}

/** Pairs of a name, which is a word of ours, and a value. */
export function fields(pairs: readonly (readonly [string, string])[]): SlackBlock {
  const texts = pairs.slice(0, slackLimits.fields).map(([name, value]) => {
    const before = `*${name}*\n`;
    return mrkdwn(`${before}${escaped(value, slackLimits.fieldText - before.length)}`);
  });
  return { type: 'section', fields: texts };
}

/** `text` is escaped, and has room. */
export function context(text: string): SlackBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}
