// Owns what differs between the configurations that two runs worked with. Does not know which runs they are.
import { type MappingChanges, mappingChanges, pairOf } from './mapping-changes';
import { defaultSettings, type SyncConfig, type SyncSettings } from './sync';

/** Everything of a sync and its model that decides what a run does with a row. */
export interface RunConfiguration {
  readonly sync: SyncConfig;
  readonly sql: string;
  readonly rowKey: readonly string[];
  /** The model's columns when it was described, in any order. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

const settingMembers = (Object.keys(defaultSettings) as (keyof SyncSettings)[]).map(
  (name) => `settings.${name}` as const,
);

/** The parts that can differ, in the order they are told. */
export const configurationMembers = [
  'mode',
  'mapping',
  'object',
  ...settingMembers,
  'sql',
  'rowKey',
  'columns',
] as const;
export type ConfigurationMember = (typeof configurationMembers)[number];

export interface ConfigurationChanges {
  /** The members that differ; empty when none does, whatever the versions are. */
  readonly members: readonly ConfigurationMember[];
  readonly mapping: MappingChanges & {
    /** Only the order differs; it is part of every row's fingerprint, so every row is sent again. */
    readonly isReordered: boolean;
  };
}

export const noChanges: ConfigurationChanges = {
  members: [],
  mapping: { added: [], removed: [], changed: [], isReordered: false },
};

/** What `now` has otherwise than `before`. */
export function configurationChanges(before: RunConfiguration, now: RunConfiguration): ConfigurationChanges {
  const differs: Record<ConfigurationMember, boolean> = {
    mode: before.sync.mode !== now.sync.mode,
    mapping: !isSameList(before.sync.mapping.map(pairOf), now.sync.mapping.map(pairOf)),
    object:
      before.sync.object.schema !== now.sync.object.schema ||
      before.sync.object.table !== now.sync.object.table,
    ...(Object.fromEntries(
      settingMembers.map((member) => {
        const name = member.slice('settings.'.length) as keyof SyncSettings;
        return [member, before.sync.settings[name] !== now.sync.settings[name]];
      }),
    ) as Record<(typeof settingMembers)[number], boolean>),
    sql: before.sql !== now.sql,
    // In order: the columns of a key are hashed one after the other.
    rowKey: !isSameList(before.rowKey, now.rowKey),
    columns: !isSameList(columnsOf(before), columnsOf(now)),
  };
  const mapping = mappingChanges(before.sync.mapping, now.sync.mapping);
  const isReordered = differs.mapping && Object.values(mapping).every(({ length }) => length === 0);
  return {
    members: configurationMembers.filter((member) => differs[member]),
    mapping: { ...mapping, isReordered },
  };
}

function columnsOf({ columns }: RunConfiguration): string[] {
  return columns.map(({ name, type }) => JSON.stringify([name, type])).toSorted();
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
