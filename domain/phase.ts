// Owns the four phases of a run and their order; timings of one run are stored, not kept here.

/** The page's duration breakdown, in order. `queued` is not a phase: it is the time before the run started. */
export const phases = ['query', 'change_detection', 'destination_writes', 'finalization'] as const;
export type Phase = (typeof phases)[number];
