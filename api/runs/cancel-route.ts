// Owns POST …/runs/{run_id}/cancel: the request is remembered first, then Temporal is asked. It survives an outage.
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { requestCancel } from '../../db/runs/request-cancel';
import { runDetail } from '../../db/views/run-detail-view';
import type { RunLauncher } from '../../temporal/run-launcher';
import { afterCommit, type AfterCommitDependencies } from '../after-commit';
import { notFound, runFinished } from '../errors';
import { type Route, route } from '../route';
import type { TemporalUi } from '../../temporal/web-ui';
import { runDetailAnswer } from './answers';
import { presentRunDetail } from './presenter';

export interface CancelRouteDependencies extends AfterCommitDependencies {
  readonly knex: Knex;
  readonly launcher: RunLauncher;
  readonly temporalUi: TemporalUi | null;
  readonly logger: Logger;
}

export function cancelRoute(deps: CancelRouteDependencies): Route {
  const { knex, temporalUi } = deps;
  return route({
    method: 'POST',
    path: '/syncs/:sync_id/runs/:run_id/cancel',
    scope: 'trigger',
    tag: 'Runs',
    summary: 'Cancel a run; repeating it is harmless',
    answers: { 200: runDetailAnswer, 202: runDetailAnswer },
    problems: ['not_found', 'run_finished'],
    async handle({ workspaceId, tokenId, requestId, param }) {
      const [syncId, runId] = [param('sync_id'), param('run_id')];
      const found = await requestCancel(knex, { workspaceId, syncId, runId, by: tokenId });
      if (!found) throw notFound('This run');
      const { status, workflowId } = found;
      if (status === 'completed' || status === 'failed') throw runFinished(status);
      // Asked again although it was asked before: the first time may have met an outage.
      if (status !== 'cancelled') {
        await afterCommit(deps, () => deliver(deps, { runId, workflowId, requestId }));
      }
      const run = await runDetail(knex, workspaceId, syncId, runId);
      if (!run) throw new Error(`run ${runId} vanished while it was cancelled`);
      return { status: status === 'cancelled' ? 200 : 202, body: presentRunDetail(run, temporalUi) };
    },
  });
}

interface Delivery {
  readonly runId: string;
  readonly workflowId: string;
  readonly requestId: string;
}

// What Temporal answers decides nothing here: a workflow that is not there yet reads the request when it begins, and
// whatever is not delivered now is delivered by the worker's reconciler.
async function deliver({ launcher, logger }: CancelRouteDependencies, to: Delivery): Promise<void> {
  const fields = { request_id: to.requestId, run_id: to.runId };
  try {
    const answer = await launcher.cancel(to.workflowId);
    logger.info({ ...fields, temporal: answer }, 'a cancel was delivered');
  } catch (error) {
    logger.warn(
      { ...fields, err: error },
      'a cancel could not be delivered to Temporal yet; it is remembered',
    );
  }
}
