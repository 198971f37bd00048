// Owns the text of an event stream, as the HTML standard has it: each frame ends with an empty line.
import type { RunEventView } from '../../db/views/run-events-view';
import type { RunProgress } from '../../db/views/run-progress-view';
import type { RunOutcome, RunStatus } from '../../domain/run';
import { presentProgress } from '../runs/presenter';
import { presentEvent } from './presenter';

/** A comment; keeps proxies from closing a quiet connection, and shows that nobody is there any more. */
export const heartbeatFrame = ':\n\n';

/** How long a reader waits before it comes again. */
export function retryFrame(ms: number): string {
  return `retry: ${ms}\n\n`;
}

/** An event of the run; a reader goes on from its id. */
export function eventFrame(event: RunEventView): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(presentEvent(event))}\n\n`;
}

/** How far the run has come. Without an id: it is news, not history, and nobody goes on from it. */
export function progressFrame(progress: RunProgress): string {
  return `event: progress\ndata: ${JSON.stringify(presentProgress(progress))}\n\n`;
}

/** The last one: the run has ended, and so does the stream. */
export function endFrame(status: RunStatus, outcome: RunOutcome | null): string {
  return `event: end\ndata: ${JSON.stringify({ status, outcome })}\n\n`;
}
