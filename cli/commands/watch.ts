// Owns `runs watch`: a run's events as they come, to its end, which decides the exit status.
import { followEvents, type StreamMessage } from '../api/event-stream';
import type { Progress, RunEvent, Sync } from '../api/wire';
import { type ExitStatus, exitStatus, statusOfRun } from '../exit-status';
import { findRunId, findSync } from '../find';
import { inert } from '../output/inert';
import { ProgressBar } from '../output/progress-bar';
import type { Terminal } from '../output/terminal';
import { clock, details, words } from '../output/words';
import type { Context } from './context';
import { showDetail } from './show';

export async function watch(context: Context, syncName: string, wanted: string): Promise<ExitStatus> {
  const sync = await findSync(context.client, syncName);
  return watchRun(context, sync, await findRunId(context.client, sync, wanted));
}

/** Shows the run to its end. Ctrl-C ends the watching, not the run. */
export async function watchRun(context: Context, sync: Sync, runId: string): Promise<ExitStatus> {
  const { client, terminal, json } = context;
  // Nobody may take a run whose end was not seen for one that went well.
  terminal.statusWithoutReader = exitStatus.readerGone;
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const view = json ? jsonView(terminal) : terminal.isLive ? liveView(terminal) : plainView(terminal);
  try {
    const messages = followEvents({
      open: (lastEventId, signal) => client.events(sync.id, runId, lastEventId, signal),
      signal: interrupt.signal,
      lost: () => view.lost(),
    });
    for await (const message of messages) show(view, message);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    view.end();
    terminal.note(
      `The run goes on. See it again with: signalsmith runs watch ${inert(sync.id)} ${inert(runId)}`,
    );
    return exitStatus.interrupted;
  } finally {
    view.end();
    process.removeListener('SIGINT', onInterrupt);
  }
  const run = await client.run(sync.id, runId);
  if (json) terminal.jsonLine({ type: 'end', run });
  else {
    terminal.line();
    showDetail(terminal, run, sync);
  }
  return statusOfRun(run);
}

interface View {
  event(event: RunEvent): void;
  progress(progress: Progress): void;
  lost(): void;
  /** Puts the terminal back; may be called again. */
  end(): void;
}

function show(view: View, { event, data }: StreamMessage): void {
  if (event === 'progress') view.progress(JSON.parse(data) as Progress);
  else view.event(JSON.parse(data) as RunEvent);
}

/** A JSON document on each line: the events as the API has them, progress, and at last the run. */
function jsonView(terminal: Terminal): View {
  return {
    event: (event) => terminal.jsonLine(event),
    progress: (progress) => terminal.jsonLine({ type: 'progress', progress }),
    lost: () => terminal.note(lostWords),
    end: () => undefined,
  };
}

function plainView(terminal: Terminal): View {
  return {
    event: (event) => terminal.line(lineOf(terminal, event)),
    progress: () => undefined,
    lost: () => terminal.note(lostWords),
    end: () => undefined,
  };
}

/** Events above, a bar below them. */
function liveView(terminal: Terminal): View {
  const bar = new ProgressBar(terminal.out);
  return {
    event: (event) => bar.line(lineOf(terminal, event)),
    progress: (progress) => bar.show(progress),
    lost: () => bar.line(lostWords),
    end: () => bar.end(),
  };
}

const lostWords = 'The connection is lost; trying again.';

function lineOf(terminal: Terminal, { at, type, detail }: RunEvent): string {
  return `${terminal.paint('gray', clock(at))}  ${words(type)}  ${terminal.paint('gray', details(detail))}`.trimEnd();
}
