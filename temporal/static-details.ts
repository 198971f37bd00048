// Owns the words under which the Temporal Web UI shows a run: one line, and a few lines of markdown. Starts nothing.
import type { RunKind, RunTrigger } from '../domain/run';

/** What the Temporal Web UI tells of a run beside its history. */
export interface ShownRun {
  readonly syncId: string;
  /** Name of the sync; its id stands there anyway. */
  readonly syncName?: string;
  readonly runId: string;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  readonly note?: string | null;
  readonly retryOf?: string | null;
}

// The server refuses a start whose summary is longer than 400 bytes as JSON, and so would the run never begin.
const summaryBytes = 380;

/** The run in one line; two long names are cut. */
export function staticSummaryOf(summary: string): string {
  if (jsonBytes(summary) <= summaryBytes) return summary;
  let cut = '';
  for (const sign of summary) {
    if (jsonBytes(`${cut}${sign}…`) > summaryBytes) break;
    cut += sign;
  }
  return `${cut}…`;
}

/** Markdown: what the run is, and why. */
export function staticDetailsOf({ syncId, syncName, runId, trigger, kind, note, retryOf }: ShownRun): string {
  const lines = [
    `**Sync** ${syncName ? `${plain(syncName)} (\`${syncId}\`)` : `\`${syncId}\``}`,
    `**Run** \`${runId}\``,
    `**Trigger** ${trigger}`,
    `**Kind** ${kind}`,
    ...(retryOf ? [`**Retry of** \`${retryOf}\``] : []),
    ...(note ? [`**Note** ${plain(note)}`] : []),
  ];
  // Two blanks at a line's end are markdown's line break.
  return lines.join('  \n');
}

/** A person's words as they stand: on one line, and no sign of theirs read as markdown or HTML. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]()<>#+!|~&-]/g, String.raw`\$&`);
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
