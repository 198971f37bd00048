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
  /**
   * Of all of them together, measured by `sizeOf`. Slack tells no figure: it was seen to refuse what has some 13,000, of rich
   * text less (github.com/slackapi/bolt-js/issues/2509 and 2867).
   */
  allBlocks: 10_000,
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

/** Pairs of a name, which is a word of ours, and a value with so much room. */
export function fields(pairs: readonly (readonly [string, string])[], room: number): SlackBlock {
  const texts = pairs
    .slice(0, slackLimits.fields)
    .map(([name, value]) => mrkdwn(`*${name}*\n${escaped(value, room)}`));
  return { type: 'section', fields: texts };
}

/** `text` is escaped, and has room. */
export function context(text: string): SlackBlock {
  return { type: 'context', elements: [mrkdwn(text)] };
}

// What a block without text takes of the room.
const emptyBlock = 125;

/** What blocks take of the room for all of them. */
export function sizeOf(blocks: readonly SlackBlock[]): number {
  return blocks.flatMap(textsOf).reduce((size, { text }) => size + text.length + emptyBlock, 0);
}

/** The first of the blocks, as many as have room together. */
export function fitting(blocks: readonly SlackBlock[], room: number): SlackBlock[] {
  let left = room;
  const after = blocks.findIndex((block) => (left -= sizeOf([block])) < 0);
  return after < 0 ? [...blocks] : blocks.slice(0, after);
}

function textsOf(block: SlackBlock): readonly (PlainText | Mrkdwn)[] {
  if (block.type === 'context') return block.elements;
  return 'fields' in block ? block.fields : [block.text];
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}
