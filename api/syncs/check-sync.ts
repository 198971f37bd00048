// Owns whether a new sync fits its model and its destination, as far as stored data tells. Connects to nothing.
import type { StoredDestination } from '../../db/configuration/destination-store';
import type { StoredModel } from '../../db/configuration/model-store';
import type { FieldMapping } from '../../domain/sync';
import type { Fault } from '../errors';
import { nearMatches } from '../near-matches';
import type { NewSyncBody } from './schema';

/** Every fault of the sync; empty when it fits. */
export function faultsOfSync(body: NewSyncBody, model: StoredModel, destination: StoredDestination): Fault[] {
  return [
    ...unknownColumns(body.mapping, model),
    ...duplicateFields(body.mapping),
    ...unmappedKeys(body.mapping, model),
    ...destinationFaults(body, destination),
  ];
}

function unknownColumns(mapping: readonly FieldMapping[], model: StoredModel): Fault[] {
  const names = model.columns.map((column) => column.name);
  return mapping.flatMap(({ column }, index) => {
    if (names.includes(column)) return [];
    const detail = `The model has no column "${column}"${nearMatches(column, names)}`;
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

function unmappedKeys(mapping: readonly FieldMapping[], model: StoredModel): Fault[] {
  const mapped = new Set(mapping.map((pair) => pair.column));
  return model.rowKey
    .filter((column) => !mapped.has(column))
    .map((column) => ({
      pointer: '/mapping',
      code: 'row_key_not_mapped',
      detail: `The row key column "${column}" must be mapped: the destination finds rows by it.`,
    }));
}

function destinationFaults({ object, mode }: NewSyncBody, destination: StoredDestination): Fault[] {
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
