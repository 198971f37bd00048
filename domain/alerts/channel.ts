// Owns the words of alert channels: their kinds, and the secrets of those that sign what they send. Sends nothing.

export const alertChannelKinds = ['slack', 'webhook'] as const;
export type AlertChannelKind = (typeof alertChannelKinds)[number];

/** One of the secrets a webhook signs with, as it is sealed. */
export interface ChannelSecret {
  /** `whsec_` and base64 of 24 to 64 bytes. */
  readonly secret: string;
  /** Until when it signs, RFC 3339; null: until it is rotated. */
  readonly expires_at: string | null;
}

/** As many secrets may be valid at once: each is a signature more in every message. */
export const mostChannelSecrets = 10;
