// Owns what differs between two mappings, pair by pair. In which order they name their pairs is no difference here.
import type { FieldMapping } from './sync';

/** One column that is written to another field than before. */
export interface RemappedColumn {
  readonly column: string;
  readonly from: string;
  readonly to: string;
}

/** Pairs that came and went; a column that is only written to another field is in `changed` alone. */
export interface MappingChanges {
  readonly added: readonly FieldMapping[];
  readonly removed: readonly FieldMapping[];
  readonly changed: readonly RemappedColumn[];
}

/** What `now` has otherwise than `before`. */
export function mappingChanges(
  before: readonly FieldMapping[],
  now: readonly FieldMapping[],
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
  return { added, removed, changed };
}

/** A pair as one text: equal pairs have equal ones. */
export function pairOf({ column, field }: FieldMapping): string {
  return JSON.stringify([column, field]);
}
