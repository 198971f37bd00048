// How often the database is asked, by a clock of the test's own: scrapes cannot load it, however many there are.
import { Registry } from 'prom-client';
import { DatabaseMetrics } from '../../../api/metrics/database-metrics';
import type { Measures } from '../../../db/views/metrics-view';

const nothing: Measures = {
  runs: [],
  queue: { length: 0, oldestSeconds: 0 },
  leases: { held: 0, oldestSeconds: 0, longestSilenceSeconds: 0 },
  waits: [],
  batches: { planned: 0, sent: 0 },
  alerts: [],
  deliveries: { pending: 0, oldestSeconds: 0 },
};

function asked({ tookMs = 0, fails = false } = {}) {
  const clock = { ms: 0 };
  const seen = { reads: 0, fails };
  const read = async (): Promise<Measures> => {
    seen.reads += 1;
    clock.ms += tookMs;
    if (seen.fails) throw new Error('canary: the database is away');
    return nothing;
  };
  const registry = new Registry();
  return { clock, seen, registry, metrics: new DatabaseMetrics(registry, read, () => clock.ms) };
}

test('a hundred scrapes at once ask once, and for ten seconds nobody asks again', async () => {
  const { clock, seen, metrics } = asked();
  await Promise.all(Array.from({ length: 100 }, () => metrics.refresh()));
  expect(seen.reads).toBe(1);
  clock.ms = 9_999;
  await metrics.refresh();
  expect(seen.reads).toBe(1);
  clock.ms = 10_000;
  await metrics.refresh();
  expect(seen.reads).toBe(2);
});

test('the longer it takes, the less often it is asked: two percent of the time at most', async () => {
  const { clock, seen, metrics } = asked({ tookMs: 1_000 });
  await metrics.refresh();
  clock.ms = 50_000;
  await metrics.refresh();
  expect(seen.reads).toBe(1);
  clock.ms = 51_000;
  await metrics.refresh();
  expect(seen.reads).toBe(2);
});

test('a database that is away is asked again after as long a rest, and its words are not shown', async () => {
  const { clock, seen, registry, metrics } = asked({ fails: true });
  await metrics.refresh();
  await metrics.refresh();
  expect(seen.reads).toBe(1);
  expect(await registry.metrics()).toContain('signalsmith_database_up 0');
  expect(await registry.metrics()).not.toContain('canary');
  seen.fails = false;
  clock.ms = 10_000;
  await metrics.refresh();
  expect(await registry.metrics()).toContain('signalsmith_database_up 1');
});
