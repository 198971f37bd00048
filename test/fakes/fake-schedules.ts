// Schedules in memory that fire nothing. Passes the contract of the real ones; tests edit them as the Temporal UI would.
import { Cron } from 'croner';
import type { Schedule, ScheduleForm, ScheduleParts } from '../../domain/schedule';
import type { ScheduleLook, Schedules, StartedSlot } from '../../temporal/schedules';

/** A schedule as the fake keeps it; tests may change it in place. */
export interface FakeSchedule {
  workspaceId: string;
  schedule: Schedule;
  parts: ScheduleParts;
  form: ScheduleForm | null;
  paused: { note: string } | null;
  recent: StartedSlot[];
  /** Slots before the recent ones. */
  older: StartedSlot[];
  missed: number;
  /** How often it was put. */
  edits: number;
}

export interface FakeSchedules extends Schedules {
  readonly kept: Map<string, FakeSchedule>;
  /** Calls so far, as `apply sync_1`. */
  readonly calls: string[];
  /** What workflows of slots have come to; those not named are unknown. */
  readonly statuses: Map<string, string>;
  /** While true every call fails as if Temporal were away. */
  away: boolean;
  /** Calls wait for it before they do anything and after it: a promise that never settles is a Temporal that hangs. */
  pace(): Promise<void>;
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
    pace: async () => undefined,
    async apply(definition, found) {
      const { workspaceId, syncId, revision, schedule, paused, summary } = definition;
      await answer(`apply ${syncId}`);
      const before = kept.get(syncId);
      if ((before ? tokenOf(before) : null) !== (found?.token ?? null)) return null;
      const { timeZone, jitterSeconds, catchUpSeconds, intervalSeconds, cron } = schedule;
      const parts: ScheduleParts = {
        spec: { intervalSeconds, cron, timeZone, jitterSeconds },
        policies: { catchUpSeconds },
        action: { workspaceId, syncId, summary },
        limits: {},
      };
      const { recent = [], older = [], missed = 0, edits = 0 } = before ?? {};
      const form = { revision, paused };
      const slots = { recent, older, missed };
      kept.set(syncId, { workspaceId, schedule, parts, form, paused, ...slots, edits: edits + 1 });
      await fake.pace();
      return { parts: structuredClone(parts), created: !before };
    },
    async look(syncId) {
      await answer(`look ${syncId}`);
      const found = kept.get(syncId);
      if (!found) return null;
      const { parts, form, paused, recent, older, missed, schedule } = found;
      const look = {
        parts,
        form,
        paused,
        note: paused?.note ?? '',
        token: tokenOf(found),
        recent,
        recentFrom: older.length > 0 ? (recent[0]?.takenAt ?? null) : null,
        missed,
        next: nextTimes(schedule),
      };
      const taken = structuredClone(look) satisfies ScheduleLook;
      await fake.pace();
      return taken;
    },
    async remove(syncId) {
      await answer(`remove ${syncId}`);
      const wasThere = kept.delete(syncId);
      await fake.pace();
      return wasThere;
    },
    async *list() {
      await answer('list');
      yield [...kept].map(([syncId, { workspaceId }]) => ({ syncId, workspaceId }));
    },
    async slotStatus(workflowId) {
      await answer(`slotStatus ${workflowId}`);
      return statuses.get(workflowId) ?? null;
    },
    async closedSlots(syncId, from, until) {
      await answer(`closedSlots ${syncId}`);
      const { older = [], recent = [] } = kept.get(syncId) ?? {};
      return [...older, ...recent].filter(({ workflowId, takenAt }) => {
        const isClosed = (statuses.get(workflowId) ?? 'RUNNING') !== 'RUNNING';
        return isClosed && takenAt >= from && takenAt < until;
      });
    },
  };
  async function answer(call: string): Promise<void> {
    await fake.pace();
    if (fake.away) throw new Error('14 UNAVAILABLE: connect ECONNREFUSED');
    calls.push(call);
  }
  return fake;
}

/** Like the server's: the same again in the next life of a schedule. */
function tokenOf({ edits, parts, form, paused }: FakeSchedule): string {
  return JSON.stringify([edits, parts, form, paused]);
}

function nextTimes({ intervalSeconds, cron, timeZone }: Schedule): Date[] {
  if (cron !== null) return new Cron(cron, { timezone: timeZone, paused: true }).nextRuns(10);
  const everyMs = intervalSeconds * 1_000;
  const first = Math.ceil((Date.now() + 1) / everyMs) * everyMs;
  return Array.from({ length: 10 }, (_, at) => new Date(first + at * everyMs));
}
