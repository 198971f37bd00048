// An inspector that answers what the test says, and keeps what it was asked.
import { InspectionUnavailableError, type Inspector } from '../../api/inspector';
import type { InspectInput, InspectResult } from '../../workflows/messages';

export interface FakeInspector extends Inspector {
  readonly asked: InspectInput[];
  /** The answer of all inspections from now on; null: no worker answers. */
  answer: InspectResult | null;
}

/** Describes every model as users(id, email, last_name) until told otherwise. */
export function fakeInspector(): FakeInspector {
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
      return this.answer;
    },
  };
}
