// Owns links into the Temporal Web UI.

/** Where the Web UI is; `url` without a slash at its end. */
export interface TemporalUi {
  readonly url: string;
  readonly namespace: string;
}

/** The page of one workflow execution that draws its bars; a page named timeline exists in newer versions only. */
export function historyLink(ui: TemporalUi, workflowId: string, executionRunId: string): string {
  const steps = [ui.namespace, 'workflows', workflowId, executionRunId, 'history'];
  return `${ui.url}/namespaces/${steps.map(encodeURIComponent).join('/')}`;
}

/** What the configuration says of the Web UI; null: there is none to link to. */
export function temporalUiOf(url: string | null, namespace: string): TemporalUi | null {
  return url ? { url: url.replace(/\/+$/, ''), namespace } : null;
}
