// An inspector that answers what the test says, and keeps what it was asked.
import { InspectionUnavailableError, type Inspector } from '../../api/configuration/inspector';
import type { PreviewAnswer, PreviewStore } from '../../db/preview-store';
import type { InspectInput, InspectResult } from '../../workflows/messages';

export interface FakeInspector extends Inspector {
  readonly asked: InspectInput[];
  /** The answer of all inspections from now on; null: no worker answers. */
  answer: InspectResult | null;
}

/**
 * Describes every model as users(id, email, last_name) until told otherwise. With `previews`, a preview has those columns and
 * one row, each value the name of its column.
 */
export function fakeInspector(previews?: PreviewStore): FakeInspector {
  const asked: InspectInput[] = [];
  return {
    asked,
    answer: {
      ok: true,
      checks: [{ name: 'connection', ok: true, detail: 'Connected' }],
      durationMs: 12,
      columns: [
        { name: 'id', type: 'text' },
        { name: 'email', type: 'text' },
        { name: 'last_name', type: 'text' },
      ],
    },
    async inspect(input) {
      asked.push(input);
      if (!this.answer) throw new InspectionUnavailableError('no worker');
      if (input.what === 'preview')
        await previews?.answer(input.workspaceId, input.previewId, shown(this.answer));
      return this.answer;
    },
  };
}

function shown({ failure, columns = [] }: InspectResult): PreviewAnswer {
  if (failure) return { failure };
  const row = columns.map(({ name }) => ({ text: name, cutFrom: null }));
  return { rows: { columns, rows: [row], hasMore: false } };
}
