// Owns the exit statuses: what a script can tell from them.
import type { RunEnd } from './api/wire';

/** Whoever scripts this relies on them: they stay. */
export const exitStatus = {
  /** It worked; of a run that was watched: every row is where it belongs. */
  ok: 0,
  runFailed: 1,
  /** The command line or the settings were wrong, or name a sync that is not there. */
  usage: 2,
  rowErrors: 3,
  runCancelled: 4,
  /** The API refused, or could not be reached. */
  refused: 5,
  /** Ctrl-C; the run goes on. */
  interrupted: 130,
  /** Whoever read what a watched run does has left before its end: what it would have been is not known. */
  readerGone: 141,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** The status of an ended run. */
export function statusOfRun({ status, outcome }: RunEnd): ExitStatus {
  if (status === 'failed') return exitStatus.runFailed;
  if (status === 'cancelled') return exitStatus.runCancelled;
  return outcome === 'with_row_errors' ? exitStatus.rowErrors : exitStatus.ok;
}
