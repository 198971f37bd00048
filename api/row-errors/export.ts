// Owns the body of an export of row errors: text that is made as fast as it is taken, and is whole or cut.
import { Readable } from 'node:stream';
import type { RowErrorView } from '../../db/views/row-errors/row-errors-view';
import { csvLine } from './csv';
import { presentRowError } from './presenter';
import type { ExportFormat } from './schema';

export const exportTypes = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const satisfies Record<ExportFormat, string>;

type RowErrorLine = ReturnType<typeof presentRowError>;

const columns = [
  'row_id',
  'field',
  'message',
  'raw_value',
  'code',
  'origin',
  'operation',
] as const satisfies readonly (keyof RowErrorLine)[];

const lineOf: Readonly<Record<ExportFormat, (error: RowErrorLine) => string>> = {
  csv: (error) => csvLine(columns.map((column) => error[column])),
  ndjson: (error) => `${JSON.stringify(error)}\n`,
};

/** What is exported. */
export interface ExportSource {
  readonly pages: AsyncIterable<readonly RowErrorView[]>;
  /** Rejects unless so many row errors are all there were. */
  readonly checkWhole: (exported: number) => Promise<void>;
}

/**
 * Reads the next page when the last one was taken. Whatever goes wrong in the middle is thrown, so that the connection is
 * cut: an export that ends in order is whole.
 */
export function exportBody(format: ExportFormat, source: ExportSource): Readable {
  return Readable.from(linesOf(format, source), { objectMode: false });
}

async function* linesOf(format: ExportFormat, { pages, checkWhole }: ExportSource): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns);
  let exported = 0;
  for await (const page of pages) {
    yield page.map((error) => lineOf[format](presentRowError(error))).join('');
    exported += page.length;
  }
  await checkWhole(exported);
}

/** The page that was read already, and those after it. */
export async function* startingWith<Page>(first: Page, others: AsyncIterable<Page>): AsyncGenerator<Page> {
  yield first;
  yield* others;
}
