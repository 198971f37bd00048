// Owns what has been started and ends it in order. Starts nothing.

/** Something that runs and can be ended. */
export interface RunningPart {
  name: string;
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

/**
 * The order of the end, with the time each part gets before it is killed:
 * users of the API first, then whoever uses Temporal and the database, then these.
 */
const stopOrder = {
  demo: 2_000,
  crm: 3_000,
  inbox: 3_000,
  // Open requests may finish; the longest is a check of a slow source.
  api: 10_000,
  // Activities stop at their next heartbeat and hand their progress over.
  worker: 20_000,
  step: 2_000,
  temporal: 10_000,
  // The last checkpoint, up to max_wal_size on a slow disk.
  postgres: 60_000,
} as const;

export type PartKind = keyof typeof stopOrder;

export interface RunningParts {
  add(kind: PartKind, part: RunningPart): void;
  /** Ends all, in order. Repeats share one end. */
  stopAll(): Promise<void>;
  /** Ends all at once. */
  killAll(): void;
  /** Whether the end has begun. */
  isEnding(): boolean;
  /** The part that is being waited for. */
  stopping(): string | null;
}

export function createRunningParts(): RunningParts {
  const parts = new Map<PartKind, RunningPart[]>();
  let current: string | null = null;
  let end: Promise<void> | undefined;

  async function stopInOrder(): Promise<void> {
    for (const [kind, graceMs] of Object.entries(stopOrder) as [PartKind, number][]) {
      const ofKind = parts.get(kind) ?? [];
      current = ofKind[0]?.name ?? current;
      await Promise.all(ofKind.map((part) => part.stop(graceMs)));
    }
    current = null;
  }

  return {
    add(kind, part) {
      parts.set(kind, [...(parts.get(kind) ?? []), part]);
      // A part that came up while everything ends would be left behind.
      if (end !== undefined) part.kill();
    },
    stopAll: () => (end ??= stopInOrder()),
    killAll() {
      for (const part of [...parts.values()].flat()) part.kill();
    },
    isEnding: () => end !== undefined,
    stopping: () => current,
  };
}
