// Owns what a stored Slack channel holds: the address of its incoming webhook, all of which is secret but the host.
import { z } from 'zod';
import { ChannelUnreadableError } from '../../alert-channel';
import type { Connection } from '../../connection';
import { hiddenTexts, queryTexts } from '../../http/hidden-texts';

const schema = z.object({ url: z.url({ protocol: /^https?$/ }) });

export interface SlackConfig {
  readonly url: string;
  /** Texts to hide wherever they show up. */
  readonly secretTexts: readonly string[];
}

/** Throws ChannelUnreadableError. */
export function readSlackConfig({ secrets }: Connection): SlackConfig {
  const parsed = schema.safeParse(secrets);
  if (!parsed.success)
    throw new ChannelUnreadableError('the stored Slack channel is of a form that this build does not know');
  const address = new URL(parsed.data.url);
  const { pathname } = address;
  // /services/T…/B…/…
  const parts = pathname.split('/').filter((part) => part !== 'services');
  return {
    url: parsed.data.url,
    secretTexts: hiddenTexts([pathname, ...parts, ...queryTexts(address)]),
  };
}
