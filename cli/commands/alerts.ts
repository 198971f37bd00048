// Owns `alerts`: the list, one of them on one screen, and what a person does to it.
import type { Alert, AlertDetail, AlertEvent, Paged } from '../api/wire';
import { UsageError } from '../api/errors';
import { type ExitStatus, exitStatus } from '../exit-status';
import { findSync } from '../find';
import { inert } from '../output/inert';
import type { Terminal } from '../output/terminal';
import { count, details, time, words } from '../output/words';
import type { Context } from './context';

export interface AlertListOptions {
  readonly state?: string;
  readonly kind?: string;
  readonly severity?: string;
  readonly page?: string;
  readonly perPage?: string;
}

export interface ActOptions {
  readonly note?: string;
}

export interface MuteOptions extends ActOptions {
  readonly hours?: string;
  readonly until?: string;
}

/** What is over is looked for by whoever says so. */
const unresolved = 'open,acknowledged';
// A working day, or a night.
const usualMuteHours = 8;

/** `sync` undefined: the alerts of all syncs. */
export async function listAlerts(
  { client, terminal, json }: Context,
  sync: string | undefined,
  options: AlertListOptions,
): Promise<ExitStatus> {
  const found = await client.alerts({
    sync_id: sync === undefined ? undefined : (await findSync(client, sync)).id,
    state: options.state ?? unresolved,
    kind: options.kind,
    severity: options.severity,
    page: options.page,
    per_page: options.perPage,
  });
  if (json) terminal.json(found);
  else showList(terminal, found);
  return exitStatus.ok;
}

function showList(terminal: Terminal, { data, pagination }: Paged<Alert>): void {
  const { page, per_page: perPage, total } = pagination;
  if (data.length === 0) return terminal.note(total === 0 ? 'No alerts.' : `No alerts on page ${page}.`);
  terminal.table<Alert>(
    [
      { head: 'ALERT', cell: ({ id }) => inert(id) },
      { head: 'STATE', cell: (alert) => paintAlert(terminal, alert) },
      { head: 'OPENED (UTC)', cell: (alert) => time(alert.opened_at) },
      { head: 'TIMES', align: 'right', cell: ({ occurrences }) => count(occurrences) },
      { head: 'WHAT', cell: ({ sentence }) => inert(sentence) },
    ],
    data,
  );
  const first = (page - 1) * perPage + 1;
  if (total > data.length)
    terminal.note(`${count(first)} to ${count(first + data.length - 1)} of ${count(total)} alerts`);
}

export async function showAlert({ client, terminal, json }: Context, id: string): Promise<ExitStatus> {
  const alert = await client.alert(id);
  if (json) terminal.json(alert);
  else showDetail(terminal, alert);
  return exitStatus.ok;
}

function showDetail(terminal: Terminal, alert: AlertDetail): void {
  terminal.line(terminal.paint('bold', inert(alert.sentence)));
  terminal.line();
  terminal.facts([
    ['Alert', `${inert(alert.id)} (${words(alert.kind)})`],
    ['State', paintAlert(terminal, alert)],
    ['Sync', `${inert(alert.sync.name)} (${inert(alert.sync.id)})`],
    ['Opened', `${time(alert.opened_at)} UTC`],
    ['Last seen', `${time(alert.last_seen_at)} UTC`],
    ['Seen', alert.occurrences === 1 ? 'once' : `${count(alert.occurrences)} times`],
    ['Told', alert.told_at === null ? 'nobody' : `${time(alert.told_at)} UTC`],
    ...(alert.run === null ? [] : [['Run', inert(alert.run.id)] as const]),
  ]);
  if (alert.advice.length > 0) terminal.line();
  for (const advice of alert.advice) terminal.line(`- ${inert(advice)}`);
  terminal.line();
  terminal.table<AlertEvent>(
    [
      { head: 'WHEN (UTC)', cell: (event) => time(event.at) },
      { head: 'WHAT', cell: ({ type }) => words(type) },
      { head: 'WHO', cell: ({ by }) => (by === null ? '' : inert(by.name)) },
      { head: 'DETAIL', cell: ({ detail, run_id: run }) => details({ ...detail, run }) },
    ],
    alert.events,
  );
  const earlier = alert.events_total - alert.events.length;
  if (earlier > 0) terminal.note(`${count(earlier)} earlier events are not shown.`);
}

export async function actOnAlert(
  context: Context,
  id: string,
  act: 'acknowledge' | 'unmute' | 'resolve',
  { note }: ActOptions,
): Promise<ExitStatus> {
  return tell(context, await context.client.actOnAlert(id, act, { note }));
}

export async function muteAlert(
  context: Context,
  id: string,
  { hours, until, note }: MuteOptions,
): Promise<ExitStatus> {
  if (hours !== undefined && until !== undefined) throw new UsageError('Give either --hours or --until.');
  const span = until === undefined ? { hours: Number(hours ?? usualMuteHours) } : { until };
  return tell(context, await context.client.actOnAlert(id, 'mute', { ...span, note }));
}

function tell({ terminal, json }: Context, alert: AlertDetail): ExitStatus {
  if (json) terminal.json(alert);
  else terminal.line(`${inert(alert.id)} is ${stateOf(alert)}`);
  return exitStatus.ok;
}

/** `open, critical, muted until 2025-01-15 09:00:00 UTC`. */
function stateOf({ state, severity, muted_until: mutedUntil }: Alert): string {
  const muted = mutedUntil === null ? '' : `, muted until ${time(mutedUntil)} UTC`;
  return `${words(state)}, ${words(severity)}${muted}`;
}

function paintAlert(terminal: Terminal, alert: Alert): string {
  if (alert.state === 'resolved') return terminal.paint('green', stateOf(alert));
  if (alert.state === 'acknowledged') return terminal.paint('cyan', stateOf(alert));
  return terminal.paint(alert.severity === 'critical' ? 'red' : 'yellow', stateOf(alert));
}
