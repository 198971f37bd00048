// Owns what a request about row errors may hold.
import { z } from 'zod';
import { rowErrorOperations, rowErrorOrigins } from '../../domain/row-error';
import { hasOnePlace, onePlaceFault, paging, pagingOrCursor, text } from '../fields';

/** Row errors are asked for by these; every one that is given must hold. */
const filters = {
  field: text(500).optional().meta({ description: 'The field that caused it, exactly.', example: 'Email' }),
  code: text(500).optional().meta({ description: 'Its code, exactly.' }),
  origin: z.enum(rowErrorOrigins).optional().meta({ description: 'Where the row was refused.' }),
  operation: z
    .enum(rowErrorOperations)
    .optional()
    .meta({ description: 'What was to be done with the row; `none`: it was refused before that was known.' }),
  row_id: text(10_000)
    .optional()
    .meta({ description: 'The row key, exactly, as `row_id` of an answer has it.', example: 'usr_123' }),
  group: z
    .string()
    .regex(/^[0-9a-f]{14}$/, 'Must be the id of a group, as …/errors/groups gives it.')
    .optional()
    .meta({ description: 'The `id` of a group of …/errors/groups.' }),
  q: text(500).optional().meta({
    description:
      'Text that stands anywhere in the message, whatever the case of its letters a to z. Neither the row key nor the raw value is searched: for a row there is `row_id`.',
    example: 'email',
  }),
};

/** Query of GET …/errors. */
export const rowErrorsQuery = z
  .strictObject({ ...pagingOrCursor(100, 1_000), ...filters })
  .refine(hasOnePlace, onePlaceFault);

export type RowErrorsQuery = z.output<typeof rowErrorsQuery>;

/** Query of GET …/errors/groups. */
export const rowErrorGroupsQuery = z.strictObject(paging(20, 100));

const exportFormats = ['csv', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Query of GET …/errors/export. */
export const rowErrorsExportQuery = z.strictObject({
  format: z.enum(exportFormats).default('csv').meta({
    description:
      '`csv` (RFC 4180, with a line of names; where a spreadsheet could take a text for a formula, an apostrophe stands before it) or `ndjson` (an object a line, as in the list, every text as it is).',
  }),
  ...filters,
});

/** The filters a query may have, whatever else it has. */
export type RowErrorFilters = Omit<z.output<typeof rowErrorsExportQuery>, 'format'>;
