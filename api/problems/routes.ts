// Owns what the address in a problem's `type` answers: the meaning of the code. Without a token, it is documentation.
import Router from '@koa/router';
import { notFound } from '../errors';
import { type ProblemCode, problemTable, problemType } from './problems';

export function problemRoutes(): Router {
  const router = new Router({ sensitive: true });
  router.get('/problems', (ctx) => {
    ctx.body = { data: (Object.keys(problemTable) as ProblemCode[]).map(describe) };
  });
  router.get('/problems/:code', (ctx) => {
    const code = String(ctx['params'].code);
    if (!Object.hasOwn(problemTable, code)) throw notFound('This problem');
    ctx.body = describe(code as ProblemCode);
  });
  return router;
}

function describe(code: ProblemCode): object {
  return { type: problemType(code), code, ...problemTable[code] };
}
