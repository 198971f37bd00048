// Owns what is checked of a sync by looking: its source, its model's columns, its destination. Workers look, this judges.
import type { StoredModel } from '../../db/configuration/model-store';
import type { StoredSync } from '../../db/configuration/sync-store';
import { type TypeFit, typeFit } from '../../domain/type-fit';
import type { InspectedColumn, InspectedField, InspectResult } from '../../workflows/messages';
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
      ...(destination.ok
        ? writesVerdict(sync, described, writes)
        : notChecked('the destination failed its check')),
    },
  ];
}

type Verdict = Omit<SyncCheck, 'name'>;

// The fault, or what was looked at last.
function verdictOf({ ok, checks }: InspectResult): Verdict {
  const told = checks.find((check) => !check.ok) ?? checks.at(-1);
  return { ok, detail: told?.detail ?? 'Nothing was looked at' };
}

// What the destination would take as it is, and beside it which values it would not.
function writesVerdict(sync: StoredSync, described: InspectResult, writes: InspectResult): Verdict {
  const verdict = verdictOf(writes);
  if (!writes.ok || !described.columns || !writes.fields) return verdict;
  const { never, sometimes } = misfitsOf(sync.mapping, described.columns, writes.fields);
  if (never.length === 0 && sometimes.length === 0) return verdict;
  const told = [
    ...never.map((pair) => `${pair}: no value but null can be written`),
    ...sometimes.map((pair) => `${pair}: a value that does not read as that type is refused`),
  ];
  const detail = `${never.length > 0 ? 'Types do not fit' : verdict.detail}. ${firstOf(told, '; ')}`;
  return { ok: never.length === 0, detail };
}

/** Pairs of the mapping whose types do not fit, as `"email" (text) to "email" (integer)`. */
function misfitsOf(
  mapping: StoredSync['mapping'],
  columns: readonly InspectedColumn[],
  fields: readonly InspectedField[],
): Record<Exclude<TypeFit, 'always'>, string[]> {
  const columnTypes = new Map(columns.map(({ name, type }) => [name, type]));
  const fieldTypes = new Map(fields.map(({ field, type }) => [field, type]));
  const misfits: Record<Exclude<TypeFit, 'always'>, string[]> = { never: [], sometimes: [] };
  for (const { column, field } of mapping) {
    const from = columnTypes.get(column);
    const to = fieldTypes.get(field);
    const fit = from === undefined || to === undefined ? 'always' : typeFit(from, to);
    if (fit !== 'always') misfits[fit].push(`"${column}" (${from}) to "${field}" (${to})`);
  }
  return misfits;
}

// Ten: a sentence, and what is wrong with the rest is most often the same.
const mostTold = 10;

function firstOf(told: readonly string[], joint: string): string {
  const more = told.length > mostTold ? [`and ${told.length - mostTold} more`] : [];
  return [...told.slice(0, mostTold), ...more].join(joint);
}

function notChecked(because: string): Verdict {
  return { ok: false, detail: `Not checked: ${because}` };
}

function mappingVerdict(sync: StoredSync, model: StoredModel, described: InspectResult): Verdict {
  if (!described.ok || !described.columns) return notChecked('the columns of the model are not known');
  const columns = described.columns;
  const faults = [...unknownColumns(sync.mapping, { columns }), ...unmappedKeys(sync.mapping, model)];
  if (faults.length > 0)
    return {
      ok: false,
      detail: firstOf(
        faults.map(({ detail }) => detail),
        ' ',
      ),
    };
  return { ok: true, detail: 'The model has every mapped column' };
}
