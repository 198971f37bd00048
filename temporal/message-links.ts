// Owns where a message about a run leads: to the API, and to the run's bars in the Temporal Web UI.
import { historyLink, type TemporalUi } from './web-ui';

/** A run that is linked to; `execution` null: its workflow is not known. */
export interface LinkedRun {
  readonly syncId: string;
  readonly runId: string;
  readonly execution: { readonly workflowId: string; readonly runId: string } | null;
}

export interface MessageLinks {
  readonly run: string;
  readonly errors: string;
  readonly temporal: string | null;
}

/** `publicUrl` null: nobody has said where readers reach the API, and there are no links. `ui` null: there is none. */
export function messageLinks(
  publicUrl: string | null,
  ui: TemporalUi | null,
): (run: LinkedRun) => MessageLinks | null {
  return ({ syncId, runId, execution }) => {
    if (publicUrl === null) return null;
    const run = `${publicUrl}/api/v1/syncs/${syncId}/runs/${runId}`;
    const temporal = ui && execution ? historyLink(ui, execution.workflowId, execution.runId) : null;
    return { run, errors: `${run}/errors`, temporal };
  };
}
