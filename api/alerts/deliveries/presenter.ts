// Owns how a delivery looks on the wire. What it said is in the alerts it names.
import type { AttemptView, DeliveryView } from '../../../db/views/alerts/delivery-list-view';
import { preciseWireTime, wireTime, wireTimeOrNull } from '../../wire-time';

export function presentDelivery(delivery: DeliveryView): object {
  return {
    id: delivery.id,
    channel: { id: delivery.channelId, name: delivery.channelName },
    type: delivery.type,
    state: delivery.state,
    created_at: wireTime(delivery.createdAt),
    due_at: wireTimeOrNull(delivery.dueAt),
    next_attempt_at: wireTimeOrNull(delivery.nextAttemptAt),
    give_up_at: delivery.endedAt ? null : wireTime(delivery.giveUpAt),
    ended_at: wireTimeOrNull(delivery.endedAt),
    error: delivery.error,
    alerts: { total: delivery.alerts, ids: delivery.alertIds },
    run_id: delivery.runId,
    attempt_count: delivery.attempts,
    attempts: delivery.tries.map(presentAttempt),
  };
}

function presentAttempt(attempt: AttemptView): object {
  return {
    attempt: attempt.attempt,
    started_at: preciseWireTime(attempt.startedAt),
    duration_ms: attempt.durationMs,
    http_status: attempt.httpStatus,
    error: attempt.error,
    answer: attempt.answer,
  };
}
