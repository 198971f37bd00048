// Owns what a run writes: where, which fields in which order, by which mode; built from pinned configuration and journal.
import type { DeliveryTarget } from '../../connectors/destination';
import type { PinnedConfig } from '../../db/configuration/pinned-config';
import type { JournalColumn } from '../../db/ledger/journal-store';
import { columnOrder } from '../../domain/sync';

/** `columns` are the journal's, in line order: the row key's columns first. Without a journal all values are texts. */
export function deliveryTarget(
  config: Pick<PinnedConfig, 'rowKey' | 'sync'>,
  columns: readonly JournalColumn[],
): DeliveryTarget {
  const order = columnOrder(config.rowKey, config.sync.mapping);
  return {
    object: config.sync.object,
    columns: order.map((pair, place) => ({
      column: pair.column,
      field: pair.field,
      json: columns[place]?.json ?? 'string',
    })),
    keyColumns: config.rowKey.length,
    mode: config.sync.mode,
  };
}
