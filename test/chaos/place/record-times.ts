// Owns what can be asked of all times in our database at once: whether they are in order, and whether any is not of this hour.
import type { ChaosPlace } from './chaos-place';

interface Fact {
  readonly text: string;
  readonly holds: boolean;
}

// A clock an hour off is found by it, a deadline of ten minutes is not.
const strayAfter = `interval '30 minutes'`;
// Transactions that overlap may number their events in another order than they write the time.
const overlap = `interval '2 seconds'`;

/** Facts about every time that was written since `since` (true time); ends of budgets lie a day ahead and are left out. */
export async function timeFacts(place: ChaosPlace, since: Date): Promise<Fact[]> {
  const [order] = await place.ask<{ runs: number; disordered: number; phases: number; events: number }>(
    `SELECT (SELECT count(*)::int FROM runs) AS runs,
       (SELECT count(*)::int FROM runs WHERE NOT coalesce(queued_at <= started_at, true)
          OR NOT coalesce(started_at <= completed_at, true) OR NOT coalesce(queued_at <= completed_at, true)) AS disordered,
       (SELECT count(*)::int FROM run_phases p JOIN runs r ON r.id = p.run_id
          WHERE p.started_at < r.queued_at OR p.ended_at < p.started_at OR p.ended_at > r.completed_at + ${overlap}
          OR p.waited_ms > extract(epoch FROM p.ended_at - p.started_at) * 1000 + 1) AS phases,
       (SELECT count(*)::int FROM run_events e JOIN run_events before ON before.run_id = e.run_id AND before.id < e.id
          WHERE e.at < before.at - ${overlap}) AS events`,
  );
  const columns = await place.ask<{ table: string; column: string }>(
    `SELECT table_name AS table, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' AND column_name <> 'budget_ends_at'`,
  );
  const told = `SELECT (detail ->> 'until')::timestamptz AS at, 'until of events' AS place FROM run_events WHERE detail ? 'until'`;
  const times = columns.map(
    ({ table, column }) =>
      `SELECT "${column}", '${table}.${column}' FROM "${table}" WHERE "${column}" IS NOT NULL`,
  );
  const all = [told, ...times].join(' UNION ALL ');
  const [found] = await place.ask<{ all: number; stray: string[] }>(
    `SELECT count(*)::int AS all, coalesce(array_agg(DISTINCT place) FILTER (WHERE
         at NOT BETWEEN $1::timestamptz - ${strayAfter} AND clock_timestamp() + ${strayAfter}), '{}') AS stray
     FROM (${all}) times`,
    [since],
  );
  const { runs = 0, disordered = 0, phases = 0, events = 0 } = order ?? {};
  const { all: count = 0, stray = [] } = found ?? {};
  return [
    { text: `${disordered} of ${runs} runs with times out of order`, holds: runs > 0 && disordered === 0 },
    { text: `${phases} phases and ${events} events out of order`, holds: phases === 0 && events === 0 },
    {
      text: `of ${count} times in the database off by the clocks: ${stray.join(', ') || 'none'}`,
      holds: count > 0 && stray.length === 0,
    },
  ];
}
