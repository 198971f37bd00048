// Owns what differs between two versions of a sync's configuration: values before and after, the mapping column by column.
import { type MappingChanges, mappingChanges } from './mapping-changes';
import type { SyncConfig } from './sync';

type Value = string | number | null;

/** `member`: `mode`, `object.table`, `settings.maxRows`; null where a version has none. */
export interface ValueChange {
  readonly member: string;
  readonly before: Value;
  readonly after: Value;
}

export interface SyncChanges {
  readonly values: readonly ValueChange[];
  readonly mapping: MappingChanges;
}

/** In which order a mapping names its pairs is no difference. */
export function syncChanges(before: SyncConfig, after: SyncConfig): SyncChanges {
  return {
    values: [
      ...valueChanges('', { mode: before.mode }, { mode: after.mode }),
      ...valueChanges('object.', { ...before.object }, { ...after.object }),
      ...valueChanges('settings.', { ...before.settings }, { ...after.settings }),
    ],
    mapping: mappingChanges(before.mapping, after.mapping),
  };
}

/** The members of a sync that hold the changes, each once: `mode`, `mapping`, `object`, `settings`. */
export function changedMembers({ values, mapping }: SyncChanges): string[] {
  const { added, removed, changed } = mapping;
  const members = values.map(({ member }) => member.split('.')[0] ?? member);
  if (added.length + removed.length + changed.length > 0) members.push('mapping');
  return [...new Set(members)];
}

function valueChanges(
  prefix: string,
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
): ValueChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const [was, is] = [before[name] ?? null, after[name] ?? null];
    return was === is ? [] : [{ member: prefix + name, before: was, after: is }];
  });
}
