// Schedules in memory that fire nothing. Passes the contract of the real ones; tests edit them as the Temporal UI would.
import { Cron } from 'croner';
import type { Schedule, ScheduleParts } from '../../domain/schedule';
import type { ScheduleLook, Schedules, StartedSlot } from '../../temporal/schedules';

/** A schedule as the fake keeps it; tests may change it in place. */
export interface FakeSchedule {
  workspaceId: string;
  schedule: Schedule;
  parts: ScheduleParts;
  paused: { note: string } | null;
  recent: StartedSlot[];
  missed: number;
}

export interface FakeSchedules extends Schedules {
  readonly kept: Map<string, FakeSchedule>;
  /** Calls so far, as `apply sync_1`. */
  readonly calls: string[];
  /** What workflows of slots have come to; those not named are unknown. */
  readonly statuses: Map<string, string>;
  /** While true every call fails as if Temporal were away. */
  away: boolean;
}

export function fakeSchedules(): FakeSchedules {
  const kept = new Map<string, FakeSchedule>();
  const calls: string[] = [];
  const statuses = new Map<string, string>();
  const fake: FakeSchedules = {
    kept,
    calls,
    statuses,
    away: false,
    async apply({ workspaceId, syncId, schedule, paused, summary }) {
      answer(`apply ${syncId}`);
      const before = kept.get(syncId);
      const { timeZone, jitterSeconds, catchUpSeconds, intervalSeconds, cron } = schedule;
      const parts: ScheduleParts = {
        spec: { intervalSeconds, cron, timeZone, jitterSeconds },
        policies: { catchUpSeconds },
        action: { workspaceId, syncId, summary },
        limits: {},
      };
      const { recent = [], missed = 0 } = before ?? {};
      kept.set(syncId, { workspaceId, schedule, parts, paused, recent, missed });
      return { parts: structuredClone(parts), created: !before };
    },
    async look(syncId) {
      answer(`look ${syncId}`);
      const found = kept.get(syncId);
      if (!found) return null;
      const { parts, paused, recent, missed, schedule } = found;
      return structuredClone({
        parts,
        paused,
        recent,
        missed,
        next: nextTimes(schedule),
      }) satisfies ScheduleLook;
    },
    async remove(syncId) {
      answer(`remove ${syncId}`);
      kept.delete(syncId);
    },
    async *list() {
      answer('list');
      yield [...kept].map(([syncId, { workspaceId }]) => ({ syncId, workspaceId }));
    },
    async slotStatus(workflowId) {
      answer(`slotStatus ${workflowId}`);
      return statuses.get(workflowId) ?? null;
    },
  };
  function answer(call: string): void {
    if (fake.away) throw new Error('14 UNAVAILABLE: connect ECONNREFUSED');
    calls.push(call);
  }
  return fake;
}

function nextTimes({ intervalSeconds, cron, timeZone }: Schedule): Date[] {
  if (cron !== null) return new Cron(cron, { timezone: timeZone, paused: true }).nextRuns(10);
  const everyMs = intervalSeconds * 1_000;
  const first = Math.ceil((Date.now() + 1) / everyMs) * everyMs;
  return Array.from({ length: 10 }, (_, at) => new Date(first + at * everyMs));
}
