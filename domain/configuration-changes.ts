// Owns what differs between the configurations that two runs worked with. Does not know which runs they are.
import { defaultSettings, type FieldMapping, type SyncConfig, type SyncSettings } from './sync';

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

/** One column that is written to another field than before. */
export interface RemappedColumn {
  readonly column: string;
  readonly from: string;
  readonly to: string;
}

export interface MappingChanges {
  readonly added: readonly FieldMapping[];
  readonly removed: readonly FieldMapping[];
  readonly changed: readonly RemappedColumn[];
  /** Only the order differs; it is part of every row's fingerprint, so every row is sent again. */
  readonly isReordered: boolean;
}

export interface ConfigurationChanges {
  /** The members that differ; empty when none does, whatever the versions are. */
  readonly members: readonly ConfigurationMember[];
  readonly mapping: MappingChanges;
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
  return {
    members: configurationMembers.filter((member) => differs[member]),
    mapping: mappingChanges(before.sync.mapping, now.sync.mapping, differs.mapping),
  };
}

function mappingChanges(
  before: readonly FieldMapping[],
  now: readonly FieldMapping[],
  differs: boolean,
): MappingChanges {
  const [had, has] = [new Set(before.map(pairOf)), new Set(now.map(pairOf))];
  const removed = before.filter((pair) => !has.has(pairOf(pair)));
  const added: FieldMapping[] = [];
  const changed: RemappedColumn[] = [];
  // A column may be written to several fields: what it lost and what it gained are matched in order.
  for (const gained of now.filter((pair) => !had.has(pairOf(pair)))) {
    const lost = removed.findIndex(({ column }) => column === gained.column);
    const [pair] = lost === -1 ? [] : removed.splice(lost, 1);
    if (pair) changed.push({ column: gained.column, from: pair.field, to: gained.field });
    else added.push(gained);
  }
  const isReordered = differs && added.length + removed.length + changed.length === 0;
  return { added, removed, changed, isReordered };
}

function pairOf({ column, field }: FieldMapping): string {
  return JSON.stringify([column, field]);
}

function columnsOf({ columns }: RunConfiguration): string[] {
  return columns.map(({ name, type }) => JSON.stringify([name, type])).toSorted();
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
