// Owns what is checked of a sync by looking: its source, its model's columns, its destination. Workers look, this judges.
import type { StoredModel } from '../../db/configuration/model-store';
import type { StoredSync } from '../../db/configuration/sync-store';
import type { InspectResult } from '../../workflows/messages';
import type { Inspector } from '../configuration/inspector';
import { unknownColumns, unmappedKeys } from './sync-faults';

export interface SyncCheck {
  readonly name: 'source' | 'model' | 'mapping' | 'destination' | 'destination_writes';
  readonly ok: boolean;
  /** One sentence. */
  readonly detail: string;
}

/** Every check, in the order in which a run meets what they are about, also after one that failed. Throws InspectionUnavailableError. */
export async function inspectSync(
  inspector: Inspector,
  sync: StoredSync,
  model: StoredModel,
): Promise<SyncCheck[]> {
  const { workspaceId, id: syncId, destinationId } = sync;
  const { sourceId, sql } = model;
  const [source, described, destination, writes] = await Promise.all([
    inspector.inspect({ what: 'source', workspaceId, sourceId }),
    inspector.inspect({ what: 'model', workspaceId, sourceId, sql }),
    inspector.inspect({ what: 'destination', workspaceId, destinationId }),
    inspector.inspect({ what: 'sync', workspaceId, syncId }),
  ]);
  return [
    { name: 'source', ...verdictOf(source) },
    { name: 'model', ...(source.ok ? verdictOf(described) : notChecked('the source failed its check')) },
    { name: 'mapping', ...mappingVerdict(sync, model, described) },
    { name: 'destination', ...verdictOf(destination) },
    {
      name: 'destination_writes',
      ...(destination.ok ? verdictOf(writes) : notChecked('the destination failed its check')),
    },
  ];
}

type Verdict = Omit<SyncCheck, 'name'>;

// The fault, or what was looked at last.
function verdictOf({ ok, checks }: InspectResult): Verdict {
  const told = checks.find((check) => !check.ok) ?? checks.at(-1);
  return { ok, detail: told?.detail ?? 'Nothing was looked at' };
}

function notChecked(because: string): Verdict {
  return { ok: false, detail: `Not checked: ${because}` };
}

function mappingVerdict(sync: StoredSync, model: StoredModel, described: InspectResult): Verdict {
  if (!described.ok || !described.columns) return notChecked('the columns of the model are not known');
  const columns = described.columns;
  const faults = [...unknownColumns(sync.mapping, { columns }), ...unmappedKeys(sync.mapping, model)];
  if (faults.length > 0) return { ok: false, detail: faults.map(({ detail }) => detail).join(' ') };
  return { ok: true, detail: 'The model has every mapped column' };
}
