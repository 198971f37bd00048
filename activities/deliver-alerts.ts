// Owns one try of one message: what is next on a channel, the call, and what its answer means. When the next try comes is
// the workflow's to wait for.
import { type AlertChannel, type ChannelAnswer, ChannelUnreadableError } from '../connectors/alert-channel';
import type { CheckReport } from '../connectors/source';
import { beginDelivery, beginTest, type BegunTry, failNext } from '../db/alerts/deliveries/begin-delivery';
import { endDelivery, endTest } from '../db/alerts/deliveries/end-delivery';
import { SealBrokenError } from '../db/seal';
import { tryResultOf } from '../domain/alerts/try-result';
import { inAttempt } from './attempt/attempt';
import type { ActivityDeps } from './deps';

export interface DeliverNextInput {
  readonly workspaceId: string;
  readonly channelId: string;
}

/**
 * `idle`: nothing is due. `waiting`: what is due waits for its time. All others end one try; `attempted` is to be tried
 * again. Holds nothing of the message and nothing of the answer.
 */
export interface DeliveryStep {
  readonly state: 'idle' | 'waiting' | 'delivered' | 'failed' | 'attempted';
  /** How long to wait before the next step; 0: not at all. */
  readonly waitMs: number;
  /** Number of the try that was made; 0: none was. */
  readonly attempt: number;
  /** Why it was not taken, in a few words of ours. */
  readonly error: string | null;
}

// As of a run's phases: ten tell a mistake of ours from a passing trouble that we do not know by name. A message that we cannot
// send must not hold up the others; it can be sent once more when we can.
const mostMistakes = 10;

export function deliverNextActivity(deps: ActivityDeps) {
  return ({ workspaceId, channelId }: DeliverNextInput): Promise<DeliveryStep> =>
    // For ever: a message that was given up here would be lost without a word.
    inAttempt(deps, { tries: 'for_ever' }, async ({ signal, mistakes }) => {
      const place = { workspaceId, channelId };
      if (mistakes >= mostMistakes) return failed(deps, place);
      const next = await beginDelivery(deps.knex, place, deps.messageLinks, deps.deliveryPace.leaseMs);
      if (next.state === 'idle') return { state: 'idle', waitMs: 0, attempt: 0, error: null };
      if (next.state === 'waiting') return { state: 'waiting', waitMs: next.waitMs, attempt: 0, error: null };
      const answer = await deliver(deps, next, signal);
      const { state, waitMs, switchedOff } = await endDelivery(deps.knex, next, answer, deps.deliveryPace);
      if (state === 'failed') deps.deliveryWatcher.failed(next.kind);
      if (switchedOff !== null) {
        deps.deliveryWatcher.switchedOff(next.kind);
        deps.log.warn({ channel_id: channelId, reason: switchedOff }, 'an alert channel was switched off');
      }
      return { state, waitMs, attempt: next.attempt, error: answer.error };
    });
}

async function failed(deps: ActivityDeps, place: DeliverNextInput): Promise<DeliveryStep> {
  const error = 'Internal error';
  const lost = await failNext(deps.knex, place, error);
  if (!lost) return { state: 'idle', waitMs: 0, attempt: 0, error };
  deps.deliveryWatcher.failed(lost.kind);
  deps.log.warn({ channel_id: place.channelId, delivery_id: lost.deliveryId }, 'a message could not be sent');
  return { state: 'failed', waitMs: 0, attempt: 0, error };
}

/** Sends a test that is written down, once. What was answered stands in its attempt. */
export async function deliverTest(
  deps: ActivityDeps,
  { workspaceId, deliveryId }: { workspaceId: string; deliveryId: string },
  signal: AbortSignal,
): Promise<CheckReport> {
  const begun = await beginTest(deps.knex, { workspaceId, deliveryId }, deps.messageLinks);
  if (!begun) throw new Error(`the test ${deliveryId} is gone`);
  const answer = await deliver(deps, begun, signal);
  await endTest(deps.knex, begun, answer);
  const ok = answer.verdict === 'accepted';
  return {
    ok,
    checks: [{ name: 'delivery', ok, detail: answer.error ?? 'The channel has taken the message' }],
  };
}

async function deliver(deps: ActivityDeps, begun: BegunTry, signal: AbortSignal): Promise<ChannelAnswer> {
  const answer = await answerTo(deps, begun, signal);
  deps.deliveryWatcher.tried(begun.kind, tryResultOf(answer));
  return answer;
}

async function answerTo(
  deps: ActivityDeps,
  { workspaceId, channelId, message }: BegunTry,
  signal: AbortSignal,
): Promise<ChannelAnswer> {
  let channel: AlertChannel;
  try {
    channel = await deps.openAlertChannel(workspaceId, channelId);
  } catch (error) {
    if (!(error instanceof SealBrokenError || error instanceof ChannelUnreadableError)) throw error;
    // The operator's to mend, with a key or a build, and the message is to go out then.
    return { verdict: 'trouble', httpStatus: null, error: error.message, answer: null, durationMs: 0 };
  }
  try {
    return await channel.deliver(message, signal);
  } finally {
    await channel.close();
  }
}
