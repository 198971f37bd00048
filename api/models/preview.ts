// Owns getting a preview: asked for and answered in our own tables, sealed, since Temporal is told of no rows. How it looks on
// the wire stands here too.
import type { PreviewAnswer, PreviewRequest, PreviewRows, PreviewStore } from '../../db/preview-store';
import { type Inspector, InspectionUnavailableError } from '../configuration/inspector';

/** Has a worker look. Throws InspectionUnavailableError; leaves nothing behind. */
export async function lookAtModel(
  { previews, inspector }: { readonly previews: PreviewStore; readonly inspector: Inspector },
  request: PreviewRequest,
): Promise<{ answer: PreviewAnswer; durationMs: number }> {
  const { workspaceId } = request;
  const previewId = await previews.ask(request);
  let answer: PreviewAnswer | null = null;
  let durationMs: number;
  try {
    ({ durationMs } = await inspector.inspect({ what: 'preview', workspaceId, previewId }));
  } finally {
    answer = await previews.collect(workspaceId, previewId);
  }
  // The database lost it: tables that are not logged are empty after a crash.
  if (!answer) throw new InspectionUnavailableError('the preview is gone');
  return { answer, durationMs };
}

/** As `modelPreviewAnswer` says. */
export function presentPreview(
  { columns, rows, hasMore }: PreviewRows,
  rowKey: readonly string[],
  durationMs: number,
): object {
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map((row) => row.map(({ text }) => text)),
    cut: rows.flatMap((values, row) =>
      values.flatMap(({ cutFrom }, at) =>
        cutFrom === null ? [] : [{ row, column: columns[at]?.name ?? '', bytes: cutFrom }],
      ),
    ),
    has_more: hasMore,
    row_key_problems: rowKeyProblems({ columns, rows, hasMore }, rowKey),
    duration_ms: durationMs,
  };
}

interface RowKeyProblem {
  readonly row: number;
  readonly code: 'null_key' | 'duplicate_key';
}

/** Rows that a run would refuse, as far as these rows tell: equal copies count as one row, so they are no problem. */
function rowKeyProblems({ columns, rows }: PreviewRows, rowKey: readonly string[]): RowKeyProblem[] {
  if (rowKey.length === 0) return [];
  const places = rowKey.map((name) => columns.findIndex((column) => column.name === name));
  const keys = rows.map((row) => places.map((place) => row[place]?.text ?? null));
  const contents = new Map<string, Set<string>>();
  for (const [at, key] of keys.entries()) {
    const known = contents.get(JSON.stringify(key)) ?? new Set();
    contents.set(JSON.stringify(key), known.add(JSON.stringify(rows[at])));
  }
  return keys.flatMap((key, row): RowKeyProblem[] => {
    if (key.includes(null)) return [{ row, code: 'null_key' }];
    const copies = contents.get(JSON.stringify(key))?.size ?? 1;
    return copies > 1 ? [{ row, code: 'duplicate_key' }] : [];
  });
}
