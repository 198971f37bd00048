// Owns the interface every alert channel implements: deliver one message, and say what became of it. When it is tried
// again, and when a channel is given up, is not a channel's to decide.
import type { AlertMessage } from '../domain/alerts/message';

/**
 * accepted: it is there. refused: this message is never taken there. gone: no message is ever taken there again. trouble:
 * it may be taken later, and may have arrived.
 */
export type ChannelVerdict = 'accepted' | 'refused' | 'gone' | 'trouble';

/** What became of one try. Holds no secret: what the other side repeats of them is hidden. */
export interface ChannelAnswer {
  readonly verdict: ChannelVerdict;
  /** Null: there was no answer. */
  readonly httpStatus: number | null;
  /** Why it was not accepted, in a few words of ours. */
  readonly error: string | null;
  /** The beginning of what was answered, up to 2 kB; null: nothing. */
  readonly answer: string | null;
  readonly durationMs: number;
  /** What the other side asked us to wait, an hour at most. */
  readonly retryAfterMs?: number;
  /**
   * Of trouble: whether the answer speaks of this message rather than of the channel, so that those behind it should not
   * wait for it as long.
   */
  readonly isAboutMessage?: boolean;
}

export interface AlertChannel {
  /**
   * One try, over in 10 s. Whatever the other side does is an answer; thrown is only the reason of `signal`. The same
   * message is recognised there by its id.
   */
  deliver(message: AlertMessage, signal: AbortSignal): Promise<ChannelAnswer>;
  close(): Promise<void>;
}

/** What is stored is no channel of this build. The message holds nothing of it. */
export class ChannelUnreadableError extends Error {
  override readonly name = 'ChannelUnreadableError';
}
