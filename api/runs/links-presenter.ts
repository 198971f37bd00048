// Owns where one can go from a run: its neighbours, its row errors and events, and what can be done with it now.
import type { RunDetailView } from '../../db/views/run-detail-view';
import { historyLink, type TemporalUi } from '../../temporal/web-ui';

/** `ui` null: there is no Web UI to link to. */
export function presentLinks(run: RunDetailView, ui: TemporalUi | null): object {
  const runs = `/api/v1/syncs/${run.syncId}/runs`;
  const path = `${runs}/${run.id}`;
  const linkTo = (id: string | null): string | null => id && `${runs}/${id}`;
  const hasEnded = run.completedAt !== null;
  return {
    self: path,
    errors: `${path}/errors`,
    events: `${path}/events`,
    temporal: ui && run.executionRunId ? historyLink(ui, run.workflowId, run.executionRunId) : null,
    previous: linkTo(run.previousRunId),
    next: linkTo(run.nextRunId),
    retry: hasEnded && !run.isOfDeletedSync ? `${path}/retry` : null,
    cancel: hasEnded ? null : `${path}/cancel`,
  };
}
