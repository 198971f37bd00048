// Owns the command line: the commands, their arguments and flags, and their help. Does none of the work.
import { Command, Option } from 'commander';
import {
  type ActOptions,
  type AlertListOptions,
  actOnAlert,
  listAlerts,
  muteAlert,
  type MuteOptions,
  showAlert,
} from './commands/alerts';
import { cancelRun, type TriggerOptions, triggerRun } from './commands/trigger';
import type { Context } from './commands/context';
import { type ErrorsOptions, listErrors } from './commands/errors';
import { type ListOptions, listRuns } from './commands/list';
import { showRun } from './commands/show';
import { watch } from './commands/watch';
import type { ExitStatus } from './exit-status';
import { latest } from './find';
import type { SettingsFlags } from './settings';

/** Flags that every command has. */
export interface GlobalFlags extends SettingsFlags {
  readonly json?: true;
}

export interface ProgramPlace {
  /** Called once the command line is right. */
  readonly contextOf: (flags: GlobalFlags) => Context;
  /** Takes the status a command ended with. */
  readonly ended: (status: ExitStatus) => void;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

type Act<Options> = (context: Context, args: string[], options: Options) => Promise<ExitStatus>;

/** Adds a command to those it belongs to. `args`: as commander writes them. */
export type AddCommand = <Options = object>(
  name: string,
  args: string,
  description: string,
  act: Act<Options>,
) => Command;

/** The whole program; it throws CommanderError where commander would end the process. */
export function createProgram({ contextOf, ended, out, err }: ProgramPlace): Command {
  const program = new Command('signalsmith')
    .description('Sync runs at a terminal: a client of the API of SignalSmith Sync Runs.')
    .option('--url <url>', 'where the API is (SIGNALSMITH_URL; without it the one npm start has started)')
    .option('--token <token>', 'the token (SIGNALSMITH_TOKEN, which other users of the machine cannot see)')
    .option('--json', 'print JSON: one document, or one on each line where something is watched')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: out, writeErr: err })
    .showHelpAfterError('(--help shows how)')
    .exitOverride();

  function commandsOf(parent: Command): AddCommand {
    return <Options>(name: string, args: string, description: string, act: Act<Options>) =>
      parent
        .command(`${name} ${args}`)
        .description(description)
        .action(async (...given: unknown[]) => {
          const self = given.at(-1) as Command;
          const flags = self.optsWithGlobals<GlobalFlags & Options>();
          ended(await act(contextOf(flags), given.slice(0, -2) as string[], flags));
        });
  }

  const runs = program.command('runs').description('the runs of a sync');
  addRunCommands(commandsOf(runs));
  runs.addHelpText('after', notes);
  const alerts = program.command('alerts').description('what went wrong, and who is at it');
  addAlertCommands(commandsOf(alerts));
  alerts.addHelpText('after', alertNotes);
  return program;
}

/** A sync is named by its id or its name. */
function addRunCommands(command: AddCommand): void {
  paged(
    command<ListOptions>(
      'list',
      '[sync]',
      'runs, newest first; of all syncs without one',
      (context, [sync], options) => listRuns(context, sync, options),
    ),
  )
    .option('--status <list>', 'queued, running, completed, failed, cancelled; several with commas')
    .option('--outcome <list>', 'no_changes, clean, with_row_errors, planned, nothing_applied, partial')
    .option('--trigger <list>', 'schedule, manual, api')
    .option('--kind <list>', 'normal, full_resync, dry_run')
    .option('--has-errors', 'only runs with refused rows');

  command('show', '<sync> [run]', 'one run: rows, phases, failure', (context, [sync = '', run = latest]) =>
    showRun(context, sync, run),
  );

  paged(
    command<ErrorsOptions>(
      'errors',
      '<sync> [run]',
      'the row errors of a run',
      (context, [sync = '', run = latest], options) => listErrors(context, sync, run, options),
    ),
  )
    .option('--field <field>', 'only of this field')
    .option('--code <code>', 'only with this code')
    .option('--row <key>', 'only of this row')
    .option('--text <text>', 'only with this text in the message');

  command<TriggerOptions>('trigger', '<sync>', 'start a run, or queue one', (context, [sync = ''], options) =>
    triggerRun(context, sync, options),
  )
    .addOption(new Option('--kind <kind>', 'what it does').choices(['normal', 'full_resync', 'dry_run']))
    .option('--note <note>', 'why, for whoever reads the history')
    .option('--allow-deletes', 'let held deletes through, once')
    .option('--watch', 'watch it to its end');

  command('cancel', '<sync> <run>', 'ask a run to end', (context, [sync = '', run = '']) =>
    cancelRun(context, sync, run),
  );

  command('watch', '<sync> [run]', 'a run as it happens, to its end', (context, [sync = '', run = latest]) =>
    watch(context, sync, run),
  );
}

function addAlertCommands(command: AddCommand): void {
  paged(
    command<AlertListOptions>(
      'list',
      '[sync]',
      'alerts that are not over, newest first; of all syncs without one',
      (context, [sync], options) => listAlerts(context, sync, options),
    ),
  )
    .option('--state <list>', 'open, acknowledged, resolved; several with commas')
    .option('--kind <list>', 'rules that opened them: run_failed, error_rate, run_late, …')
    .option('--severity <list>', 'warning, critical');
  command('show', '<alert>', 'one alert: what it is, what to do, who did what', (context, [alert = '']) =>
    showAlert(context, alert),
  );
  const note = ['--note <note>', 'why, for whoever looks at it later'] as const;
  command<ActOptions>('ack', '<alert>', 'say that somebody is at it', (context, [alert = ''], options) =>
    actOnAlert(context, alert, 'acknowledge', options),
  ).option(...note);
  command<MuteOptions>(
    'mute',
    '<alert>',
    'have nobody told of it for a while',
    (context, [alert = ''], options) => muteAlert(context, alert, options),
  )
    .option('--hours <hours>', 'for how long; 8 when nothing is said')
    .option('--until <time>', 'until when, like 2025-01-15T09:00:00Z')
    .option(...note);
  command<ActOptions>('unmute', '<alert>', 'have people told again', (context, [alert = ''], options) =>
    actOnAlert(context, alert, 'unmute', options),
  ).option(...note);
  command<ActOptions>('resolve', '<alert>', 'say that it is over', (context, [alert = ''], options) =>
    actOnAlert(context, alert, 'resolve', options),
  ).option(...note);
}

function paged(command: Command): Command {
  return command
    .option('--page <page>', 'which page, from 1')
    .option('--per-page <count>', 'how many on a page');
}

const alertNotes = `
An alert is named by its id, as list shows it. A sync is named by its id or its name.

Exit status: 0 all is well, 2 the command line is wrong, 5 the API refused or could not be reached.

Examples:
  signalsmith alerts list "Users to CRM" --state open,acknowledged,resolved
  signalsmith alerts ack alrt_… --note "on it"
  signalsmith alerts mute alrt_… --hours 48
`;

const notes = `
A sync is named by its id or its name. A run is named by its id, or is the newest one: ${latest}, or none at all.

Exit status: 0 all is well, 1 the run failed, 2 the command line is wrong, 3 the run completed with row errors,
4 the run was cancelled, 5 the API refused or could not be reached. Of runs only watch and trigger --watch tell.

Examples:
  signalsmith runs list "Users to CRM" --status failed,cancelled
  signalsmith runs errors "Users to CRM" --field Email
  signalsmith runs trigger "Users to CRM" --watch
`;
