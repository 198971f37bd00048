// Owns the words of a sync's configuration: mode, mapping, settings and their defaults.
import type { RawValuePolicy } from './raw-values';

export const syncModes = ['upsert', 'insert', 'update', 'mirror'] as const;
export type SyncMode = (typeof syncModes)[number];

/** How the destination compares row keys: `lower` for citext columns or a CRM's e-mail key. */
export const keyMatches = ['exact', 'lower'] as const;
export type KeyMatch = (typeof keyMatches)[number];

/** One model column written to one destination field. */
export interface FieldMapping {
  readonly column: string;
  readonly field: string;
}

/** Limits and habits of one sync. All have defaults. */
export interface SyncSettings {
  readonly keyMatch: KeyMatch;
  /** Longest time a whole run may take, seconds. */
  readonly budgetSeconds: number;
  /** Longest time one outage or rate limit is waited out before the run fails, seconds. */
  readonly patienceSeconds: number;
  /** Statement timeout of the model's query, seconds. */
  readonly queryTimeoutSeconds: number;
  /** A model result with more rows fails the run with `out_of_memory`; null is no limit. */
  readonly maxRows: number | null;
  /** A run that works and moves nothing for so long is called stuck, seconds. */
  readonly stuckAfterSeconds: number;
  /** What row errors tell of the values of their rows. */
  readonly rawValues: RawValuePolicy;
  /** Days after a run's end at which its row errors lose the values; null: they keep them for as long as they are there. */
  readonly rawValueDays: number | null;
}

export const defaultSettings: SyncSettings = {
  keyMatch: 'exact',
  budgetSeconds: 86_400, // a day: first loads of tens of millions of rows over a slow API fit
  patienceSeconds: 600, // ten minutes: longer than a failover or a deploy, shorter than a night
  queryTimeoutSeconds: 3_600,
  maxRows: null,
  stuckAfterSeconds: 1_800, // half an hour: a large query may think that long before its first row, a call may not
  rawValues: 'keep', // whoever mends a row in the source needs the value that was refused
  rawValueDays: null,
};

/** Where a sync writes within its destination: a table for databases, nothing more for an HTTP API. */
export interface DestinationObject {
  readonly schema?: string;
  readonly table?: string;
}

/** One version of a sync's configuration; a run pins the version it started with. */
export interface SyncConfig {
  readonly mode: SyncMode;
  readonly mapping: readonly FieldMapping[];
  readonly object: DestinationObject;
  readonly settings: SyncSettings;
}

/** Mapped columns in the order lines carry them: the row key's columns first, then the rest as mapped. */
export function columnOrder(rowKey: readonly string[], mapping: readonly FieldMapping[]): FieldMapping[] {
  const keys = rowKey.map((column) => {
    const mapped = mapping.find((pair) => pair.column === column);
    if (!mapped) throw new Error(`row key column "${column}" is not mapped`);
    return mapped;
  });
  return [...keys, ...mapping.filter((pair) => !keys.includes(pair))];
}
