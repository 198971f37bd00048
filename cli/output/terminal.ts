// Owns writing to the terminal: lines, tables, JSON, colours where they are wanted. Takes texts that are inert already.
import { styleText } from 'node:util';
import Table from 'cli-table3';
import type { RunEnd } from '../api/wire';
import { type ExitStatus, exitStatus } from '../exit-status';
import { inertJson } from './inert';

export type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'gray' | 'bold';

/** A place to write to, as process.stdout is one. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Column<Row> {
  readonly head: string;
  readonly align?: 'right';
  readonly cell: (row: Row) => string;
}

// Longer texts make a table that nobody can read; all of it is in --json, and when the output goes elsewhere.
const longestCell = 80;

export class Terminal {
  private readonly hasColour: boolean;
  /** What it means that nobody reads any more: `| head` has seen enough of a list, and all is well. */
  statusWithoutReader: ExitStatus = exitStatus.ok;

  constructor(
    readonly out: Output,
    private readonly errors: Output,
    env: NodeJS.ProcessEnv,
  ) {
    // https://no-color.org
    this.hasColour = out.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  }

  /** Whether a person looks on as it is written. */
  get isLive(): boolean {
    return this.out.isTTY === true;
  }

  line(text = ''): void {
    this.out.write(`${text}\n`);
  }

  /** What belongs to no result: hints, totals, trouble. */
  note(text: string): void {
    this.errors.write(`${text}\n`);
  }

  /** One document. */
  json(value: unknown): void {
    this.line(inertJson(value, 2));
  }

  /** One of many documents, on a line of its own. */
  jsonLine(value: unknown): void {
    this.line(inertJson(value));
  }

  paint(colour: Colour, text: string): string {
    return this.hasColour ? styleText(colour, text, { validateStream: false }) : text;
  }

  /** `text` in the colour of how a run is, or has ended. */
  paintState({ status, outcome }: RunEnd, text: string): string {
    return this.paint(stateColour(status, outcome), text);
  }

  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): void {
    const table = new Table({
      head: columns.map(({ head }) => this.paint('bold', head)),
      colAligns: columns.map(({ align }) => align ?? 'left'),
      chars: bare,
      style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    });
    for (const row of rows) table.push(columns.map(({ cell }) => this.fitted(cell(row))));
    for (const line of table.toString().split('\n')) this.line(line.trimEnd());
  }

  /** Pairs of a name and a value, one on a line. */
  facts(facts: readonly (readonly [string, string])[]): void {
    const width = Math.max(...facts.map(([name]) => name.length));
    for (const [name, value] of facts) this.line(`${this.paint('gray', name.padEnd(width))}  ${value}`);
  }

  private fitted(cell: string): string {
    if (!this.isLive || cell.length <= longestCell) return cell;
    return `${cell.slice(0, longestCell - 1)}…`;
  }
}

const bare = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid', 'middle'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
);

function stateColour(status: string, outcome: string | null): Colour {
  if (status === 'failed') return 'red';
  if (status === 'cancelled' || outcome === 'with_row_errors') return 'yellow';
  if (status === 'completed') return 'green';
  return status === 'running' ? 'cyan' : 'gray';
}
