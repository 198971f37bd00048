// Owns `runs trigger` and `runs cancel`: what changes something.
import { type ExitStatus, exitStatus } from '../exit-status';
import { findRunId, findSync } from '../find';
import { inert } from '../output/inert';
import { state } from '../output/words';
import type { Context } from './context';
import { watchRun } from './watch';

export interface TriggerOptions {
  readonly kind?: string;
  readonly note?: string;
  readonly allowDeletes?: true;
  readonly watch?: true;
}

/** Starts a run, or queues one; with `watch` its end decides the exit status. */
export async function triggerRun(
  context: Context,
  syncName: string,
  options: TriggerOptions,
): Promise<ExitStatus> {
  const { client, terminal, json } = context;
  const sync = await findSync(client, syncName);
  const run = await client.trigger(sync.id, {
    kind: options.kind,
    note: options.note,
    allow_deletes: options.allowDeletes,
  });
  if (options.watch) {
    terminal.note(`${inert(run.id)} ${run.state}`);
    return watchRun(context, sync, run.id);
  }
  if (json) terminal.json(run);
  else terminal.line(`${inert(run.id)} ${inert(run.state)}`);
  return exitStatus.ok;
}

/** Asks a run to end; it does within seconds, which `runs watch` shows. */
export async function cancelRun(
  { client, terminal, json }: Context,
  syncName: string,
  wanted: string,
): Promise<ExitStatus> {
  const sync = await findSync(client, syncName);
  const run = await client.cancel(sync.id, await findRunId(client, sync, wanted));
  if (json) terminal.json(run);
  else if (run.status === 'cancelled') terminal.line(`${inert(run.id)} is ${state(run)}`);
  else terminal.line(`${inert(run.id)} is asked to end; it is still ${state(run)}`);
  return exitStatus.ok;
}
