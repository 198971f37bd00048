import { alertMessageTypes } from '../../../domain/alerts/message';
import { webhookEventOf } from '../../../domain/alerts/webhook-event';
import { aMessage, namedAlert, runFacts } from '../../factories/a-message';

test('an alert is told whole, in snake case, under a versioned type', () => {
  const alert = namedAlert({ observed: 0.0218, expected: 0.01 });
  const message = aMessage({ alerts: [alert] });
  expect(webhookEventOf(message)).toEqual({
    type: 'alert.raised.v1',
    timestamp: message.at,
    data: {
      summary: alert.sentence,
      workspace: message.workspace,
      alert_count: 1,
      alerts: [
        {
          id: alert.id,
          kind: 'run_failed',
          severity: 'critical',
          sync: alert.sync,
          sentence: alert.sentence,
          advice: alert.advice,
          about: alert.about,
          occurrences: 1,
          opened_at: alert.openedAt,
          last_seen_at: alert.lastSeenAt,
          resolved_at: null,
          resolved_run: null,
          resolved_by_hand: false,
          observed: 0.0218,
          expected: 0.01,
          due_at: null,
          run: {
            id: alert.run?.id,
            status: 'failed',
            outcome: 'nothing_applied',
            trigger: 'schedule',
            started_at: alert.run?.startedAt,
            completed_at: alert.run?.completedAt,
            duration_ms: 263_000,
            rows_processed: 15_432,
            rows_created: 0,
            rows_updated: 0,
            rows_deleted: 0,
            rows_failed: 336,
            failure: alert.run?.failure,
          },
          links: alert.links,
        },
      ],
    },
  });
});

test('an alert that a run has ended has that run beside the one it was last seen at, each with its links', () => {
  const resolvedRun = runFacts({ status: 'completed', outcome: 'clean', rowsFailed: 0, failure: null });
  const alert = namedAlert({ resolvedRun, resolvedAt: resolvedRun.completedAt });
  const { alerts } = webhookEventOf(aMessage({ type: 'alert.resolved', alerts: [alert] })).data;
  expect(alerts).toMatchObject([
    {
      run: { id: alert.run?.id, status: 'failed', rows_failed: 336 },
      links: { run: expect.stringContaining(`${alert.run?.id}`) },
      resolved_run: {
        id: resolvedRun.id,
        status: 'completed',
        rows_failed: 0,
        links: { run: expect.stringContaining(resolvedRun.id) },
      },
    },
  ]);
});

test('every type has what it is about, and nothing else', () => {
  const run = { ...runFacts(), sync: { id: 'sync_1', name: 'Users' }, links: null };
  const channel = { id: 'chan_1', name: '#ops', reason: 'HTTP 410' };
  const keys = alertMessageTypes.map((type) => {
    const message = aMessage({
      type,
      run: type === 'sync_run.completed' ? run : null,
      channel: type === 'channel.disabled' ? channel : null,
    });
    return [type, Object.keys(webhookEventOf(message).data).toSorted()];
  });
  const alerts = ['alert_count', 'alerts', 'summary', 'workspace'];
  expect(Object.fromEntries(keys)).toEqual({
    'alert.raised': alerts,
    'alert.repeated': alerts,
    'alert.resolved': alerts,
    'sync_run.completed': ['run', 'summary', 'workspace'],
    'channel.disabled': ['channel', 'summary', 'workspace'],
    'channel.test': ['summary', 'workspace'],
  });
});

test('its bytes do not depend on the order of the keys it was stored with', () => {
  const message = aMessage();
  const backwards = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(backwards);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, part]) => [key, backwards(part)]),
    );
  };
  // Lists keep their order; keys do not.
  const bytes = JSON.stringify(webhookEventOf(message));
  expect(JSON.stringify(webhookEventOf(backwards(message) as typeof message))).toBe(bytes);
});
