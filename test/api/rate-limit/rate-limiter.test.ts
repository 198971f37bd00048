// What tokens of one workspace share, by a clock that stands still.
import { type RateLimits, rateLimiter, tokensOfWorkspace } from '../../../api/rate-limit/rate-limiter';
import type { Route } from '../../../api/route';

const reading = { method: 'GET' } as Route;

function drawing(limits: Partial<RateLimits>) {
  const clock = { ms: 0 };
  const counted: string[] = [];
  const all = { reads: 0, writes: 0, triggers: 0, ...limits };
  const limiter = rateLimiter(
    all,
    (limit) => counted.push(limit),
    () => clock.ms,
  );
  const isAllowed = (id: string, workspaceId = 'one'): boolean => {
    try {
      limiter.draw({ id, workspaceId }, reading);
      return true;
    } catch {
      return false;
    }
  };
  const allowed = (id: string, times: number, workspaceId?: string): number =>
    Array.from({ length: times }, () => isAllowed(id, workspaceId)).filter(Boolean).length;
  return { clock, counted, allowed };
}

test('a thousand tokens of a workspace make no more than five', () => {
  const { allowed, counted } = drawing({ reads: 10 });
  let made = 0;
  for (let token = 0; token < 1_000; token += 1) made += allowed(`token ${token}`, 2);
  expect(made).toBe(10 * tokensOfWorkspace);
  expect(counted).toHaveLength(2_000 - made);
  expect(allowed('stranger', 20, 'other')).toBe(10);
});

test('a token that is refused takes nothing from the others', () => {
  const { allowed } = drawing({ reads: 10 });
  expect(allowed('loop', 1_000)).toBe(10);
  for (const id of ['a', 'b', 'c', 'd']) expect(allowed(id, 10)).toBe(10);
  expect(allowed('e', 1)).toBe(0);
});

test('a workspace that is refused takes nothing from its tokens', () => {
  const { allowed, clock } = drawing({ reads: 10 });
  for (const id of ['a', 'b', 'c', 'd', 'e']) expect(allowed(id, 10)).toBe(10);
  expect(allowed('f', 1_000)).toBe(0);
  // Ten seconds bring the workspace eight and a third; its token has all of its ten.
  clock.ms = 10_000;
  expect(allowed('f', 10)).toBe(8);
});

test('without a limit neither is counted', () => {
  expect(drawing({}).allowed('a', 1_000)).toBe(1_000);
});
