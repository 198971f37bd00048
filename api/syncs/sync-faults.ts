// Owns whether a sync fits its model and its destination, as far as stored data tells. Connects to nothing.
import type { StoredDestination } from '../../db/configuration/destination-store';
import type { StoredModel } from '../../db/configuration/model-store';
import type { SentTo } from '../../db/snapshot/sent-rows';
import type { DestinationObject, FieldMapping, SyncConfig } from '../../domain/sync';
import type { Fault } from '../errors';
import { mostHints, nearMatches } from '../configuration/near-matches';

/** What of a sync has to fit. */
export type FittingConfig = Pick<SyncConfig, 'mode' | 'mapping' | 'object'>;

/** Every fault of the sync; empty when it fits. Pointers are those of a body that creates or changes it. */
export function faultsOfSync(
  config: FittingConfig,
  model: StoredModel,
  destination: StoredDestination,
): Fault[] {
  return [
    ...unknownColumns(config.mapping, model),
    ...duplicateFields(config.mapping),
    ...unmappedKeys(config.mapping, model),
    ...destinationFaults(config, destination),
  ];
}

/**
 * An insert-only sync tells by its snapshot which rows it has sent, and the snapshot is only good for one object and one
 * way to compare keys: with another one each of its runs would fail with `snapshot_lost`.
 */
export function faultsOfInsert({ mode, object, settings }: SyncConfig, sentTo: readonly SentTo[]): Fault[] {
  if (mode !== 'insert') return [];
  const fault = (pointer: string, what: string): Fault => ({
    pointer,
    code: 'snapshot_would_be_lost',
    detail: `An insert sync that has sent rows could not tell with another ${what} which ones: make a new sync for it.`,
  });
  return [
    ...(sentTo.every((sent) => isSameObject(sent.object, object)) ? [] : [fault('/object', 'object')]),
    ...(sentTo.every((sent) => sent.keyMatch === settings.keyMatch)
      ? []
      : [fault('/settings/key_match', 'key_match')]),
  ];
}

function isSameObject(one: DestinationObject, other: DestinationObject): boolean {
  return one.schema === other.schema && one.table === other.table;
}

/** Mapped columns that the model does not have. */
export function unknownColumns(
  mapping: readonly FieldMapping[],
  model: Pick<StoredModel, 'columns'>,
): Fault[] {
  const names = model.columns.map((column) => column.name);
  let hints = 0;
  return mapping.flatMap(({ column }, index) => {
    if (names.includes(column)) return [];
    hints += 1;
    const detail = `The model has no column "${column}"${hints <= mostHints ? nearMatches(column, names) : '.'}`;
    return [{ pointer: `/mapping/${index}/column`, code: 'unknown_column', detail }];
  });
}

function duplicateFields(mapping: readonly FieldMapping[]): Fault[] {
  const firstAt = new Map<string, number>();
  return mapping.flatMap(({ field }, index) => {
    const first = firstAt.get(field);
    if (first === undefined) {
      firstAt.set(field, index);
      return [];
    }
    const detail = `The field "${field}" is already written by /mapping/${first}.`;
    return [{ pointer: `/mapping/${index}/field`, code: 'duplicate_field', detail }];
  });
}

/** Row key columns that the mapping leaves out. */
export function unmappedKeys(mapping: readonly FieldMapping[], model: Pick<StoredModel, 'rowKey'>): Fault[] {
  const mapped = new Set(mapping.map((pair) => pair.column));
  return model.rowKey
    .filter((column) => !mapped.has(column))
    .map((column) => ({
      pointer: '/mapping',
      code: 'row_key_not_mapped',
      detail: `The row key column "${column}" must be mapped: the destination finds rows by it.`,
    }));
}

function destinationFaults({ object, mode }: FittingConfig, destination: StoredDestination): Fault[] {
  if (destination.kind === 'postgres') {
    const detail = 'A postgres destination needs the table to write to.';
    return object.table === undefined ? [{ pointer: '/object/table', code: 'required', detail }] : [];
  }
  const faults: Fault[] = [];
  if (object.schema !== undefined || object.table !== undefined) {
    const detail = `A destination of the kind ${destination.kind} has no tables: leave object out.`;
    faults.push({ pointer: '/object', code: 'object_not_supported', detail });
  }
  if (mode === 'mirror' && !destination.config['delete_url']) {
    const detail = 'Mirror deletes rows, and this destination has no delete_url.';
    faults.push({ pointer: '/mode', code: 'delete_url_missing', detail });
  }
  return faults;
}
