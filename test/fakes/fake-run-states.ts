// Run states that a test sets by hand; nothing is asked of Temporal.
import type { ClosedExecution, RunStates, WorkflowLook } from '../../temporal/run-state';

export interface FakeRunStates extends RunStates {
  /** What is said of each workflow; of any other, that it is not there. */
  readonly looks: Map<string, WorkflowLook>;
  readonly closed: ClosedExecution[];
  /** Workflows that were terminated, with the reason. */
  readonly terminated: [workflowId: string, reason: string][];
}

export function fakeRunStates(): FakeRunStates {
  const looks = new Map<string, WorkflowLook>();
  const closed: ClosedExecution[] = [];
  const terminated: [string, string][] = [];
  const startedAt = new Date();
  return {
    looks,
    closed,
    terminated,
    async look(workflowId) {
      return looks.get(workflowId) ?? { state: 'not_found' };
    },
    async open() {
      return [...looks]
        .filter(([, look]) => look.state === 'open')
        .map(([workflowId]) => ({ workflowId, startedAt }));
    },
    async closedSince() {
      return closed;
    },
    async terminate(workflowId, reason) {
      if (looks.get(workflowId)?.state !== 'open') return false;
      looks.set(workflowId, { state: 'closed', status: 'TERMINATED', because: reason });
      terminated.push([workflowId, reason]);
      return true;
    },
  };
}
