// Owns what the command line is given, what it ends with, and the words for what goes wrong.
import { resolve } from 'node:path';
import { CommanderError } from 'commander';
import { ApiProblem, Unreachable, UsageError } from './api/errors';
import { Client } from './api/client';
import { type ExitStatus, exitStatus } from './exit-status';
import { inert } from './output/inert';
import { Terminal } from './output/terminal';
import { createProgram } from './program';
import { type LauncherOn, readSettings } from './settings';

async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  launcherOn: LauncherOn,
): Promise<ExitStatus> {
  const terminal = new Terminal(process.stdout, process.stderr, env);
  // `| head` has seen enough: no reason to say anything.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(terminal.statusWithoutReader);
  });
  // Of the installation, wherever it is called from.
  const dataDir = env['DATA_DIR'] ? resolve(env['DATA_DIR']) : resolve(__dirname, '..', '..', '.data');
  let status: ExitStatus = exitStatus.ok;
  const program = createProgram({
    contextOf: (flags) => ({
      client: new Client(readSettings(flags, env, dataDir, launcherOn)),
      terminal,
      json: flags.json === true,
    }),
    ended: (ended) => {
      status = ended;
    },
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    return told(terminal, error);
  }
}

/** Says what went wrong in words for a person; what nobody foresaw keeps its stack. */
function told(terminal: Terminal, error: unknown): ExitStatus {
  // Commander has said it already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitStatus.ok : exitStatus.usage;
  if (error instanceof UsageError) {
    terminal.note(error.message);
    return exitStatus.usage;
  }
  if (error instanceof Unreachable) {
    terminal.note(
      `${inert(error.message)} Is it running, and is this its address? --url or SIGNALSMITH_URL sets another.`,
    );
    return exitStatus.refused;
  }
  if (error instanceof ApiProblem) {
    tellProblem(terminal, error);
    return exitStatus.refused;
  }
  throw error;
}

function tellProblem(terminal: Terminal, { message, problem }: ApiProblem): void {
  terminal.note(inert(message));
  const faults = problem.errors ?? [];
  // One fault is the message itself.
  if (faults.length > 1)
    for (const { pointer, detail } of faults) terminal.note(`  ${inert(pointer)}: ${inert(detail)}`);
  if (problem.request_id !== undefined) terminal.note(`Request id: ${inert(problem.request_id)}`);
}

/** Does what the arguments of the process say, and sets its exit status. `launcherOn`: who runs on a data directory. */
export function commandLine(launcherOn: LauncherOn): void {
  main(process.argv.slice(2), process.env, launcherOn).then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      const lines = ((error as Error).stack ?? String(error)).split('\n');
      process.stderr.write(`This should not have happened: ${lines.map(inert).join('\n')}\n`);
      process.exitCode = exitStatus.refused;
    },
  );
}
