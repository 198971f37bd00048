// Owns how a message looks in Slack: a header, figures, what to do, links; and the same as plain text. Sends nothing.
import type { RunFacts } from '../../../domain/alerts/alert';
import { inTime, inUtc, inWords } from '../../../domain/alerts/figures';
import type { AlertMessage, NamedAlert, RunLinks } from '../../../domain/alerts/message';
import { sentenceOfAlert, sentenceOfMessage } from '../../../domain/alerts/words';
import { context, fields, fitting, header, section, sizeOf, type SlackBlock, slackLimits } from './blocks';
import { escaped, joined, link } from './mrkdwn';

export interface SlackMessage {
  /** What notifications show, and who cannot show blocks. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

// Of the limit on a message's text: what else stands there is ours, and short.
const sentenceRoom = 3_000;
// What one alert has at most, added up, is within the limit on all blocks. Of many the lines share what the rest leaves.
const rooms = { sentence: 2_000, field: 300, advice: 1_500, links: 1_500, line: 200, workspace: 200 };

/** The message in blocks, within Slack's limits whatever it holds. */
export function slackMessage(message: AlertMessage): SlackMessage {
  const sentence = sentenceOfMessage(message);
  const top = `${sign(message)} ${sentence}`;
  const isCut = escaped(top, Infinity).length > slackLimits.headerText;
  const above = [
    header(top),
    ...(isCut ? [section(escaped(sentence, rooms.sentence))] : []),
    ...figuresOf(message),
  ];
  const below = [...adviceOf(message), ...linksOf(message)];
  const foot = (named: number): SlackBlock => context(footOf(message, named));
  const lines =
    message.alertCount > 1
      ? fitting(
          message.alerts.map((alert) => lineOf(message.type, alert)),
          slackLimits.allBlocks - sizeOf([...above, ...below, foot(0)]),
        )
      : [];
  return { text: plainText(message), blocks: [...above, ...lines, ...below, foot(lines.length)] };
}

/** The same in so many words, for a Slack that refuses the blocks, and for notifications. */
export function plainText(message: AlertMessage): string {
  const first = message.alertCount === 1 ? message.alerts[0] : undefined;
  const [advice] = adviceWords(message);
  const run = message.run ?? first?.resolvedRun ?? first?.run ?? null;
  const links = message.run?.links ?? first?.resolvedLinks ?? first?.links ?? null;
  const lines = [
    escaped(`${sign(message)} ${sentenceOfMessage(message)}`, sentenceRoom),
    ...(run ? [escaped(rowsOf(run), 200)] : []),
    ...(advice ? [escaped(advice, 500)] : []),
    ...(links ? linkWords(links).slice(0, 1) : []),
  ];
  return joined(lines, '\n', slackLimits.messageText);
}

const signs = { critical: '🔴', warning: '🟠', over: '🟢', notice: '🔵' } as const;

function sign({ type, alerts }: AlertMessage): string {
  if (type === 'alert.resolved') return signs.over;
  if (type === 'channel.disabled') return signs.warning;
  return signs[alerts[0]?.severity ?? 'notice'];
}

function figuresOf({ alerts, alertCount, run, type }: AlertMessage): SlackBlock[] {
  const [first] = alerts;
  const pairs = run ? runPairs(run) : alertCount === 1 && first ? alertPairs(first, type) : [];
  return pairs.length > 0 ? [fields(pairs, rooms.field)] : [];
}

function alertPairs(alert: NamedAlert, type: AlertMessage['type']): [string, string][] {
  const { sync, severity, occurrences, openedAt, resolvedAt, run, resolvedRun } = alert;
  const seen = occurrences === 1 ? '' : `${inWords(occurrences)} times since `;
  const last = resolvedRun ?? run;
  return [
    ['Sync', sync.name],
    ...(type === 'alert.resolved' ? [] : [['Severity', severity] as [string, string]]),
    ...(last ? runPairs(last) : []),
    // What it was like, beside what it is like again.
    ...(resolvedRun && run && run.id !== resolvedRun.id
      ? [['Rows before', rowsOf(run)] as [string, string]]
      : []),
    ['Seen', `${seen}${inUtc(openedAt)}`],
    ...(resolvedAt ? [['Over', inUtc(resolvedAt)] as [string, string]] : []),
  ];
}

function runPairs(run: RunFacts): [string, string][] {
  const { durationMs, trigger } = run;
  return [
    ['Rows', rowsOf(run)],
    ['Trigger', trigger],
    ...(durationMs === null ? [] : [['Duration', inTime(durationMs)] as [string, string]]),
  ];
}

function rowsOf(run: RunFacts): string {
  const counts = [
    [run.rowsProcessed, 'processed'],
    [run.rowsCreated, 'created'],
    [run.rowsUpdated, 'updated'],
    [run.rowsDeleted, 'deleted'],
    [run.rowsFailed, 'failed'],
  ] as const;
  // Processed and failed are asked for even where there are none.
  const said = counts.filter(([count, word]) => count > 0 || word === 'processed' || word === 'failed');
  return said.map(([count, word]) => `${inWords(count)} ${word}`).join(', ');
}

function lineOf(type: AlertMessage['type'], alert: NamedAlert): SlackBlock {
  // Where it ran is behind the first: twenty times all three would take the room of the last alerts.
  const links = alert.resolvedLinks ?? alert.links;
  const words = links ? linkWords({ ...links, temporal: null }) : [];
  const line = `• ${escaped(sentenceOfAlert(type, alert), rooms.line)}`;
  return section(joined([line, ...words], '  ', slackLimits.sectionText));
}

function adviceWords({ alerts, type }: AlertMessage): readonly string[] {
  // All alerts of a message have one cause, and what is over needs nothing to be done.
  return type === 'alert.resolved' ? [] : (alerts[0]?.advice ?? []);
}

function adviceOf(message: AlertMessage): SlackBlock[] {
  const advice = adviceWords(message).map((each) => `• ${escaped(each, rooms.advice / 2)}`);
  return advice.length === 0 ? [] : [section(joined(['*What to do*', ...advice], '\n', rooms.advice))];
}

function linksOf({ alerts, alertCount, run }: AlertMessage): SlackBlock[] {
  const [first] = alerts;
  const words = run?.links ? linkWords(run.links) : alertCount === 1 && first ? alertLinks(first) : [];
  // Empty also where the first of them has no room.
  const text = joined(words, ' · ', rooms.links);
  return text === '' ? [] : [section(text)];
}

/** Of an alert that a run has ended: that one's, and then the one's it was last seen at. */
function alertLinks({ links, resolvedLinks, run, resolvedRun }: NamedAlert): string[] {
  if (!resolvedLinks) return links ? linkWords(links) : [];
  const isOther = links !== null && run?.id !== resolvedRun?.id;
  return [...linkWords(resolvedLinks), ...(isOther ? [link(links.run, 'Run before')] : [])];
}

function linkWords({ run, errors, temporal }: RunLinks): string[] {
  return [
    link(run, 'Run'),
    link(errors, 'Row errors'),
    ...(temporal === null ? [] : [link(temporal, 'Timeline in Temporal')]),
  ];
}

/** Escaped. */
function footOf({ alertCount, workspace, id, at }: AlertMessage, named: number): string {
  const more = alertCount > 1 ? alertCount - named : 0;
  const place = escaped(workspace.name, rooms.workspace);
  return `${more > 0 ? `and ${inWords(more)} more · ` : ''}${place} · ${inUtc(at)} · ${id}`;
}
