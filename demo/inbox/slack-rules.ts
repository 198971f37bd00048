// Owns what Slack refuses of a message to an incoming webhook, as its documentation says it: the form of the body, the limits
// of Block Kit, and the words of the refusal. Stores nothing.

/** How Slack refuses: a status, and a word as the whole body. */
export interface SlackRefusal {
  readonly status: number;
  readonly word: string;
}

const invalidPayload: SlackRefusal = { status: 400, word: 'invalid_payload' };
const invalidBlocks: SlackRefusal = { status: 400, word: 'invalid_blocks' };

// Beyond this many Slack cuts the text, which no sender of ours wants to learn from its readers.
const longestText = 40_000;
const mostBlocks = 50;
const longestBlockId = 255;
// Of all blocks together: documented nowhere, and met by senders (github.com/slackapi/bolt-js/issues/2509).
const longestBlocks = 13_000;
const longestTextObject = 3_000;

/** Why the parsed body is refused; null when it is taken. */
export function refusalOf(body: unknown): SlackRefusal | null {
  if (!isObject(body)) return invalidPayload;
  const { text, blocks, attachments } = body;
  if (text !== undefined && typeof text !== 'string') return invalidPayload;
  if (blocks !== undefined && !Array.isArray(blocks)) return { status: 400, word: 'invalid_blocks_format' };
  const hasText = typeof text === 'string' && text.trim() !== '';
  if (!hasText && !blocks?.length && attachments === undefined) return { status: 400, word: 'no_text' };
  if (hasText && text.length > longestText) return { status: 400, word: 'msg_too_long' };
  if (Array.isArray(attachments) && attachments.length > 100)
    return { status: 400, word: 'too_many_attachments' };
  if (blocks !== undefined && !areBlocks(blocks)) return invalidBlocks;
  if (textIn(blocks) > longestBlocks) return { status: 400, word: 'msg_blocks_too_long' };
  return null;
}

type Check = (value: unknown) => boolean;

/** What a kind of block may have, and whether each is well formed. */
interface BlockRule {
  readonly has: Readonly<Record<string, Check>>;
  readonly needs: (block: Record<string, unknown>) => boolean;
}

const isPlain = textObject(['plain_text']);
const isText = textObject(['plain_text', 'mrkdwn']);
const isLink: Check = (value) => typeof value === 'string' && /^https?:/.test(value) && value.length <= 3_000;

const elementRules: Readonly<Record<string, BlockRule>> = {
  button: {
    has: {
      text: within(isPlain, 75),
      url: isLink,
      action_id: shorter(255),
      value: shorter(2_000),
      style: isWord('primary', 'danger'),
    },
    needs: ({ text }) => text !== undefined,
  },
  image: {
    has: { image_url: isLink, alt_text: shorter(2_000) },
    needs: ({ image_url: url, alt_text: alt }) => url !== undefined && alt !== undefined,
  },
};

const isElement: Check = (value) => isText(value) || isOf(elementRules, value, []);

const blockRules: Readonly<Record<string, BlockRule>> = {
  header: { has: { text: within(isPlain, 150) }, needs: ({ text }) => text !== undefined },
  section: {
    has: {
      text: isText,
      fields: listOf(within(isText, 2_000), 10),
      accessory: (value) => isOf(elementRules, value, []),
    },
    needs: ({ text, fields }) => text !== undefined || fields !== undefined,
  },
  context: { has: { elements: listOf(isElement, 10) }, needs: ({ elements }) => elements !== undefined },
  actions: {
    has: { elements: listOf((value) => isOf(elementRules, value, []), 25) },
    needs: ({ elements }) => elements !== undefined,
  },
  divider: { has: {}, needs: () => true },
  image: {
    has: { image_url: isLink, alt_text: shorter(2_000), title: within(isPlain, 2_000) },
    needs: ({ image_url: url, alt_text: alt }) => url !== undefined && alt !== undefined,
  },
};

function areBlocks(blocks: readonly unknown[]): boolean {
  if (blocks.length > mostBlocks) return false;
  const ids = blocks.flatMap((block) => (isObject(block) && 'block_id' in block ? [block['block_id']] : []));
  if (new Set(ids).size < ids.length || ids.some((id) => !shorter(longestBlockId)(id))) return false;
  return blocks.every((block) => isOf(blockRules, block, ['block_id']));
}

/** How many characters all their texts have. */
function textIn(part: unknown): number {
  if (Array.isArray(part)) return part.reduce((sum: number, each) => sum + textIn(each), 0);
  if (!isObject(part)) return 0;
  const { text, ...rest } = part;
  return (typeof text === 'string' ? text.length : textIn(text)) + textIn(Object.values(rest));
}

/** Of a known type, with what that type needs, and with nothing it does not have. */
function isOf(rules: Readonly<Record<string, BlockRule>>, value: unknown, also: readonly string[]): boolean {
  if (!isObject(value) || typeof value['type'] !== 'string' || !Object.hasOwn(rules, value['type']))
    return false;
  const rule = rules[value['type']] as BlockRule;
  return (
    rule.needs(value) &&
    Object.entries(value).every(
      ([key, part]) => key === 'type' || also.includes(key) || (rule.has[key]?.(part) ?? false),
    )
  );
}

function textObject(types: readonly string[]): Check {
  return (value) => {
    if (!isObject(value)) return false;
    const { type, text, emoji, verbatim, ...rest } = value;
    return (
      typeof type === 'string' &&
      types.includes(type) &&
      typeof text === 'string' &&
      text.length >= 1 &&
      text.length <= longestTextObject &&
      (emoji === undefined || (type === 'plain_text' && typeof emoji === 'boolean')) &&
      (verbatim === undefined || (type === 'mrkdwn' && typeof verbatim === 'boolean')) &&
      Object.keys(rest).length === 0
    );
  };
}

function within(isWellFormed: Check, mostCharacters: number): Check {
  return (value) => isWellFormed(value) && (value as { text: string }).text.length <= mostCharacters;
}

function listOf(isWellFormed: Check, most: number): Check {
  return (value) =>
    Array.isArray(value) && value.length >= 1 && value.length <= most && value.every(isWellFormed);
}

function shorter(mostCharacters: number): Check {
  return (value) => typeof value === 'string' && value.length >= 1 && value.length <= mostCharacters;
}

function isWord(...words: readonly string[]): Check {
  return (value) => typeof value === 'string' && words.includes(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
