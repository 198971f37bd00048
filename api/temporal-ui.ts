// Owns links into the Temporal Web UI.

/** Where the Web UI is; `url` without a slash at its end. */
export interface TemporalUi {
  readonly url: string;
  readonly namespace: string;
}

/** Timeline of one workflow execution. */
export function timelineLink(ui: TemporalUi, workflowId: string, firstExecutionRunId: string): string {
  const steps = [ui.namespace, 'workflows', workflowId, firstExecutionRunId, 'timeline'];
  return `${ui.url}/namespaces/${steps.map(encodeURIComponent).join('/')}`;
}
