// Owns what a message says in one sentence, whether it is about one sync or many. Its form is the channels'.
import type { ToldAlert } from './alert';
import { counted, inTime, inUtc, inWords } from './figures';
import type { AlertMessage } from './message';
import type { AlertKind } from './rules';

/** What many syncs have in common; all alerts of a message are of one kind and one cause. */
const ofMany: Readonly<Record<AlertKind, string>> = {
  run_failed: 'failed',
  consecutive_failures: 'have failed several times in a row',
  error_rate: 'had too many failed rows',
  run_late: 'are late',
  run_stuck: 'are stuck',
  row_count_spike: 'read far more rows than usual',
  row_count_drop: 'read far fewer rows than usual',
  error_rate_increase: 'had far more failed rows than usual',
  duration_increase: 'took far longer than usual',
  deletes_held: 'hold deletes back',
  counter_mismatch: 'have counters that do not add up',
  schedule_paused: 'are paused for long',
};

const overOfOne: Readonly<Record<AlertKind, string>> = {
  run_failed: 'works again',
  consecutive_failures: 'works again',
  error_rate: 'has few failed rows again',
  run_late: 'is not late any more',
  run_stuck: 'is not stuck any more',
  row_count_spike: 'reads as many rows as usual again',
  row_count_drop: 'reads as many rows as usual again',
  error_rate_increase: 'has as few failed rows as usual again',
  duration_increase: 'takes as long as usual again',
  deletes_held: 'holds no deletes back any more',
  counter_mismatch: 'has counters that add up again',
  schedule_paused: 'is not paused any more',
};

const overOfMany: Readonly<Record<AlertKind, string>> = {
  run_failed: 'work again',
  consecutive_failures: 'work again',
  error_rate: 'have few failed rows again',
  run_late: 'are not late any more',
  run_stuck: 'are not stuck any more',
  row_count_spike: 'read as many rows as usual again',
  row_count_drop: 'read as many rows as usual again',
  error_rate_increase: 'have as few failed rows as usual again',
  duration_increase: 'take as long as usual again',
  deletes_held: 'hold no deletes back any more',
  counter_mismatch: 'have counters that add up again',
  schedule_paused: 'are not paused any more',
};

/** The message in one sentence, plain text: the whole of it where there is room for no more. */
export function sentenceOfMessage(message: AlertMessage): string {
  const { type, alerts, alertCount, run, channel, workspace } = message;
  const [first] = alerts;
  if (type === 'sync_run.completed' && run) return completed(run);
  if (type === 'channel.disabled' && channel)
    return `The alert channel ${channel.name} was switched off: ${channel.reason}`;
  if (!first) return `This is a test message of the workspace ${workspace.name}`;
  const isOne = alertCount === 1;
  if (type === 'alert.resolved') return isOne ? resolved(first) : resolvedTogether(alerts, alertCount);
  const sentence = isOne ? first.sentence : raisedTogether(alerts, alertCount);
  return type === 'alert.repeated' ? `Still: ${sentence}${isOne ? sinceWhen(first) : ''}` : sentence;
}

/** What a message of that type says of one of its alerts. */
export function sentenceOfAlert(type: AlertMessage['type'], alert: ToldAlert): string {
  return type === 'alert.resolved' ? resolved(alert) : alert.sentence;
}

function completed(run: NonNullable<AlertMessage['run']>): string {
  const { rowsProcessed, rowsCreated, rowsUpdated, rowsDeleted, rowsFailed, durationMs } = run;
  const parts = [
    [rowsCreated, 'created'],
    [rowsUpdated, 'updated'],
    [rowsDeleted, 'deleted'],
    [rowsFailed, 'failed'],
  ] as const;
  const said = parts.flatMap(([count, what]) => (count > 0 ? [`${inWords(count)} ${what}`] : []));
  const took = durationMs === null ? '' : ` in ${inTime(durationMs)}`;
  return `${run.sync.name} completed${took}: ${counted(rowsProcessed, 'row')} read, ${said.join(', ') || 'no changes'}`;
}

function resolved(alert: ToldAlert): string {
  const { kind, sync, resolvedRun: run, resolvedByHand } = alert;
  if (resolvedByHand) return `${sync.name}: its alert was resolved by a person${lasted(alert)}`;
  const by = run?.completedAt ? `: ${run.id} ${run.status} ${inUtc(run.completedAt)}` : '';
  return `${sync.name} ${overOfOne[kind]}${by}${lasted(alert)}`;
}

/** What an occurrence of each is; of those of the clock there is but one, however long. */
const occurred: Readonly<Partial<Record<AlertKind, string>>> = {
  run_failed: 'failure',
  error_rate: 'run',
  row_count_spike: 'run',
  row_count_drop: 'run',
  error_rate_increase: 'run',
  duration_increase: 'run',
  deletes_held: 'run',
  counter_mismatch: 'run',
};

/** `, after 3 failures over 2 h 5 min`. */
function lasted({ kind, openedAt, resolvedAt, occurrences, observed }: ToldAlert): string {
  // Those before it was opened count, and nobody knows since when.
  if (kind === 'consecutive_failures') return `, after ${inWords(observed ?? occurrences)} failures in a row`;
  if (!resolvedAt) return '';
  const time = inTime(Date.parse(resolvedAt) - Date.parse(openedAt));
  const what = occurred[kind];
  return what ? `, after ${counted(occurrences, what)} over ${time}` : `, after ${time}`;
}

function sinceWhen({ occurrences, openedAt }: ToldAlert): string {
  return ` (${occurrences === 1 ? 'since' : `${inWords(occurrences)} times since`} ${inUtc(openedAt)})`;
}

function raisedTogether(alerts: readonly ToldAlert[], count: number): string {
  const messages = new Set(alerts.map(({ run }) => run?.failure?.message));
  const [message] = messages;
  // Details after the colon differ from sync to sync; what comes before is the failure they share.
  const failure = messages.size === 1 ? message : message?.split(':')[0];
  const kind = alerts[0]?.kind ?? 'run_failed';
  const isFailure = kind === 'run_failed' || kind === 'consecutive_failures';
  return `${counted(count, 'sync')} ${ofMany[kind]}${isFailure && failure ? `: ${failure}` : ''}${placeOf(alerts)}`;
}

function resolvedTogether(alerts: readonly ToldAlert[], count: number): string {
  const byHand = alerts.filter(({ resolvedByHand }) => resolvedByHand).length;
  if (byHand > 0) {
    const how = byHand === alerts.length ? 'were resolved by a person' : 'are over';
    return `The alerts of ${counted(count, 'sync')} ${how}${placeOf(alerts)}`;
  }
  return `${counted(count, 'sync')} ${overOfMany[alerts[0]?.kind ?? 'run_failed']}${placeOf(alerts)}`;
}

/** ` (CRM)`: what they share. */
function placeOf(alerts: readonly ToldAlert[]): string {
  const names = new Set(alerts.map(({ about }) => about?.name));
  const [name] = names;
  return names.size === 1 && name ? ` (${name})` : '';
}
