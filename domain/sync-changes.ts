// Owns what differs between two versions of a sync's configuration, member by member.
import type { FieldMapping, SyncConfig } from './sync';

type Scalar = string | number | null;

/** One value that differs. `path`: `['mode']`, `['settings', 'maxRows']`, `['object', 'table']`; null: it has none. */
export interface ValueChange {
  readonly path: readonly string[];
  readonly before: Scalar;
  readonly after: Scalar;
}

/** One column of the model that is written to other fields than before; usually one, none when it is not mapped. */
export interface ColumnChange {
  readonly path: readonly ['mapping'];
  readonly column: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export type ConfigChange = ValueChange | ColumnChange;

/** Empty when both do the same. In which order a mapping names its pairs is no difference. */
export function changesBetween(before: SyncConfig, after: SyncConfig): ConfigChange[] {
  return [
    ...valueChanges([], { mode: before.mode }, { mode: after.mode }),
    ...columnChanges(before.mapping, after.mapping),
    ...valueChanges(['object'], { ...before.object }, { ...after.object }),
    ...valueChanges(['settings'], { ...before.settings }, { ...after.settings }),
  ];
}

function valueChanges(
  path: readonly string[],
  before: Readonly<Record<string, Scalar>>,
  after: Readonly<Record<string, Scalar>>,
): ValueChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const [old, now] = [before[name] ?? null, after[name] ?? null];
    return old === now ? [] : [{ path: [...path, name], before: old, after: now }];
  });
}

function columnChanges(before: readonly FieldMapping[], after: readonly FieldMapping[]): ColumnChange[] {
  const columns = new Set([...before, ...after].map(({ column }) => column));
  const [old, now] = [fieldsByColumn(before), fieldsByColumn(after)];
  return [...columns].flatMap((column) => {
    const [was, is] = [old.get(column) ?? [], now.get(column) ?? []];
    const isSame = was.length === is.length && was.every((field) => is.includes(field));
    return isSame ? [] : [{ path: ['mapping'], column, before: was, after: is }];
  });
}

function fieldsByColumn(mapping: readonly FieldMapping[]): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const { column, field } of mapping) fields.set(column, [...(fields.get(column) ?? []), field]);
  return fields;
}
