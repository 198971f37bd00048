// Owns the words of a sync's schedule: cadence, time zone, jitter, catch-up, overlap policy, and the limits of each.

/** Begins the ids of schedules in Temporal and of the workflows they start. */
export const schedulePrefix = 'sync/';

/** What becomes of a scheduled slot that finds a run of its sync active. Triggers by people and tokens always queue. */
export const overlapPolicies = ['queue_one', 'queue_all', 'skip'] as const;
export type OverlapPolicy = (typeof overlapPolicies)[number];

/** At most one scheduled run waits: the newest data is read once, however long the run before it took. */
export const defaultOverlapPolicy: OverlapPolicy = 'queue_one';

/** When a sync runs by itself: either every so many seconds, counted from 1970, or by a cron of five fields. */
export type Cadence =
  | { readonly intervalSeconds: number; readonly cron: null }
  | { readonly intervalSeconds: null; readonly cron: string };

/** A sync's whole schedule, as Postgres defines it and Temporal is given it. */
export type Schedule = Cadence & {
  /** IANA name; a cron's fields are read in it. */
  readonly timeZone: string;
  /** Each slot starts up to this much later, at random, so that many syncs do not start together. */
  readonly jitterSeconds: number;
  /** Slots missed in an outage are made up for if they are no older than this; older ones are counted as missed. */
  readonly catchUpSeconds: number;
};

/** Ten seconds: below that, opening and closing runs is most of what the service would do. */
export const leastIntervalSeconds = 10;
/** A year and a day: rarer than yearly is a manual trigger. */
export const mostIntervalSeconds = 366 * 86_400;
/** A day: a jitter is to spread load, not to hide when a sync runs. */
export const mostJitterSeconds = 86_400;
/** Temporal's own least; it would silently raise a shorter one. */
export const leastCatchUpSeconds = 10;
/** Ten minutes: a deploy or a failover is made up for, a night's outage does not end in a flood of old slots. */
export const defaultCatchUpSeconds = 600;
/** A week: runs read the present state of the model, so older slots have nothing of their own to do. */
export const mostCatchUpSeconds = 7 * 86_400;

/** Whether a schedule is paused, and why; null: it fires. */
export type SchedulePause = { readonly note: string } | null;

/** What Temporal is to be given for one sync: one form of its schedule. */
export interface ScheduleDefinition {
  readonly workspaceId: string;
  readonly syncId: string;
  /** Numbers the forms: a later one has a higher number, whatever became of the schedule in between. */
  readonly revision: number;
  readonly schedule: Schedule;
  readonly paused: SchedulePause;
  /** One line for the Temporal Web UI: `Users → CRM (schedule)`. */
  readonly summary: string;
}

/** A schedule as Temporal gives it back, in parts that can be compared; the order of keys means nothing. */
export interface ScheduleParts {
  readonly spec: unknown;
  readonly policies: unknown;
  readonly action: unknown;
  /** Whether and how often it still fires; ours fire without end. */
  readonly limits: unknown;
}

/** What a form of ours carries along: which one it is, and the pause it was put with. */
export interface ScheduleForm {
  readonly revision: number;
  readonly paused: SchedulePause;
}

/** A schedule as it was found in Temporal. */
export interface FoundSchedule {
  readonly parts: ScheduleParts;
  /** Null: no form of ours, or one whose marks were edited away. */
  readonly form: ScheduleForm | null;
  readonly paused: SchedulePause;
  /** Of the last pause or unpause, whichever it was; empty: none was given. */
  readonly note: string;
  /** Changes with every edit and every pause. */
  readonly token: string;
}

/** What was applied: as read back, and whether the schedule was made anew. */
export interface AppliedSchedule {
  readonly parts: ScheduleParts;
  readonly created: boolean;
}
