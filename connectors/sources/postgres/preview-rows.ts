// Owns the first rows of a proven model as texts: how they are asked for, and how much of them is taken. Proves nothing.
import { type Client, escapeIdentifier } from 'pg';
import type { ModelColumn, PreviewValue } from '../../source';
import type { WrappedModel } from './model-statement';

/** Of each value, bytes: more than a screen's line shows, and less than hurts a hundred times. */
export const mostValueBytes = 2_048;

/** Of all values together, bytes: what a browser takes without a pause. Rows end before it is used up, but for the first. */
export const mostPreviewBytes = 1_000_000;

/**
 * So many rows of the model and one more, each as two lists: the beginnings of its values as text, and how many bytes each
 * value has. The source cuts them, so that a value of a gigabyte does not travel, and ends after the first row for which
 * there is no room: no more is sent than is taken. Lists, as two columns for each column of the widest model would be more
 * than a SELECT may have.
 */
export function previewStatement(
  model: string,
  columns: readonly ModelColumn[],
  limit: number,
): WrappedModel {
  const places = columns.map((_, at) => `v${at}`);
  const texts = places.map((place) => `left(${place}, ${mostValueBytes})`).join(', ');
  const sizes = places.map((place) => `octet_length(${place})`).join(', ');
  const values = columns.map(({ name }, at) => `m.${escapeIdentifier(name)}::text AS v${at}`).join(', ');
  const head =
    `SELECT texts, sizes, place = 1 OR together <= ${mostPreviewBytes} AS fits FROM (` +
    `SELECT texts, sizes, row_number() OVER rows AS place, sum(bytes) OVER rows AS together, bytes FROM (` +
    `SELECT texts, sizes, (SELECT coalesce(sum(least(size, ${mostValueBytes})), 0) FROM unnest(sizes) AS size) AS bytes FROM (` +
    `SELECT ARRAY[${texts}]::text[] AS texts, ARRAY[${sizes}]::int[] AS sizes FROM (SELECT ${values} FROM (\n`;
  const foot =
    `\n) m LIMIT ${limit + 1}) v) cut) counted WINDOW rows AS (ROWS UNBOUNDED PRECEDING)) placed ` +
    `WHERE place <= 2 OR together - bytes <= ${mostPreviewBytes}`;
  return { sql: `${head}${model}${foot}`, before: Array.from(head).length };
}

interface PreviewLine {
  texts: (string | null)[];
  sizes: (number | null)[];
  fits: boolean;
}

/** Runs a statement of `previewStatement`. */
export async function previewRows(
  client: Client,
  { sql }: WrappedModel,
  limit: number,
): Promise<{ rows: PreviewValue[][]; hasMore: boolean }> {
  // By the extended protocol, which takes one statement and no other beside it, whatever the text.
  const { rows: lines } = await client.query<PreviewLine>({ text: sql, queryMode: 'extended' } as {
    text: string;
  });
  const rows = lines
    .slice(0, limit)
    .filter(({ fits }) => fits)
    .map(({ texts, sizes }) => texts.map((text, at) => cut(text, sizes[at] ?? 0)));
  return { rows, hasMore: lines.length > rows.length };
}

function cut(text: string | null, bytes: number): PreviewValue {
  if (text === null) return { text, cutFrom: null };
  if (bytes <= mostValueBytes) return { text, cutFrom: null };
  // Without the character that the cut goes through.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const beginning = decoder.decode(Buffer.from(text).subarray(0, mostValueBytes), { stream: true });
  return { text: beginning, cutFrom: bytes };
}
