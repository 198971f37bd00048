// Owns `runs errors`: the row errors of one run.
import type { RowError, RowErrors } from '../api/wire';
import { type ExitStatus, exitStatus } from '../exit-status';
import { findRunId, findSync } from '../find';
import { inert } from '../output/inert';
import type { Terminal } from '../output/terminal';
import { count } from '../output/words';
import type { Context } from './context';

export interface ErrorsOptions {
  readonly field?: string;
  readonly code?: string;
  readonly row?: string;
  readonly text?: string;
  readonly page?: string;
  readonly perPage?: string;
}

export async function listErrors(
  { client, terminal, json }: Context,
  syncName: string,
  wanted: string,
  options: ErrorsOptions,
): Promise<ExitStatus> {
  const sync = await findSync(client, syncName);
  const found = await client.rowErrors(sync.id, await findRunId(client, sync, wanted), {
    field: options.field,
    code: options.code,
    row_id: options.row,
    q: options.text,
    page: options.page,
    per_page: options.perPage,
  });
  if (json) terminal.json(found);
  else show(terminal, found);
  return exitStatus.ok;
}

function show(terminal: Terminal, { data, total_errors: total, page, per_page: perPage }: RowErrors): void {
  if (data.length > 0) {
    terminal.table<RowError>(
      [
        { head: 'ROW', cell: (error) => shown(error.row_id) },
        { head: 'FIELD', cell: (error) => shown(error.field) },
        { head: 'MESSAGE', cell: (error) => inert(error.message) },
        { head: 'VALUE', cell: (error) => shown(error.raw_value) },
      ],
      data,
    );
  }
  const first = (page - 1) * perPage + 1;
  if (total === 0) terminal.note('No row errors.');
  else if (data.length === 0) terminal.note(`No row errors on page ${page}.`);
  else if (total > data.length)
    terminal.note(`${count(first)} to ${count(first + data.length - 1)} of ${count(total)} row errors`);
}

function shown(value: string | null): string {
  return value === null ? '–' : inert(value);
}
