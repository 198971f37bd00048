// Owns the probes: whether this process lives, and whether it can do its work. Both without a token.
import Router from '@koa/router';
import type { Knex } from 'knex';
import { pendingMigrations } from '../../db/migrate';
import { within } from '../within';
import { sharedProbe } from './shared-probe';

export interface HealthDependencies {
  readonly knex: Knex;
  /** Rejects when Temporal does not answer. */
  readonly checkTemporal: () => Promise<void>;
  /** True once the process has begun to stop. */
  readonly isDraining: () => boolean;
}

// Two seconds: whoever asks gives up soon after. What is asked then goes on for the 4.5 s at most that a statement may take.
const probeMs = 2_000;

/** `/livez` and `/readyz`. Reasons are words, not error texts: anybody may ask. */
export function healthRoutes(deps: HealthDependencies): Router {
  const router = new Router({ sensitive: true });
  const look = sharedProbe(() =>
    Promise.all([
      answerOf(() => checkDatabase(deps.knex)),
      answerOf(async () => deps.checkTemporal().then(() => 'ok')),
    ]),
  );
  router.get('/livez', (ctx) => {
    ctx.body = { status: 'alive' };
  });
  router.get('/readyz', async (ctx) => {
    const [database, temporal] = await look();
    const draining = deps.isDraining();
    const isReady = !draining && database === 'ok' && temporal === 'ok';
    ctx.status = isReady ? 200 : 503;
    ctx.body = {
      status: draining ? 'draining' : isReady ? 'ready' : 'not_ready',
      checks: { database, temporal },
    };
  });
  return router;
}

async function checkDatabase(knex: Knex): Promise<string> {
  return (await pendingMigrations(knex)).length === 0 ? 'ok' : 'migrations_pending';
}

async function answerOf(check: () => Promise<string>): Promise<string> {
  const answer = await within(
    probeMs,
    check().catch(() => 'unreachable'),
  );
  return answer ?? 'no_answer';
}
