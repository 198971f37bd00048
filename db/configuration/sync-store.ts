// Owns the tables syncs and sync_versions. Does not check a mapping against its model, and knows nothing of runs.
import type { Knex } from 'knex';
import {
  defaultSettings,
  type DestinationObject,
  type FieldMapping,
  type SyncConfig,
  type SyncMode,
  type SyncSettings,
} from '../../domain/sync';
import { defaultOverlapPolicy, type OverlapPolicy, type Schedule } from '../../domain/schedule';
import { newId } from '../new-id';
import { offsetOf, type Page, type PageRequest } from '../page';
import { type Author, authorIn } from './author';
import type { NameFilter } from './connection-store';
import { withUniqueName } from './name-taken';
import { mapSchedule, scheduleColumns, type ScheduleRow, writeSchedule } from './schedule-store';
import { SyncNotFoundError, type SyncPlace } from './sync-lock';

/** What sync_versions holds of one version, as Postgres gives it. */
export interface SyncConfigRow {
  mode: SyncMode;
  mapping: FieldMapping[];
  object: DestinationObject;
  settings: Partial<SyncSettings>;
}

interface SyncRow extends SyncConfigRow {
  overlap_policy: OverlapPolicy;
  paused_at: Date | null;
  pause_note: string | null;
  schedule: ScheduleRow | null;
  id: string;
  workspace_id: string;
  name: string;
  model_id: string;
  destination_id: string;
  version: number;
  created_at: Date;
  created_by: Author | null;
  updated_at: Date;
  updated_by: Author | null;
}

/** A sync with its current version. */
export interface StoredSync extends SyncConfig {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly modelId: string;
  readonly destinationId: string;
  readonly version: number;
  /** What becomes of a slot that finds a run active. */
  readonly overlapPolicy: OverlapPolicy;
  /** Since when slots do not become runs; null: they do. */
  readonly pausedAt: Date | null;
  readonly pauseNote: string | null;
  /** Null: it runs only when it is triggered. */
  readonly schedule: Schedule | null;
  readonly createdAt: Date;
  /** Null: no token did. */
  readonly createdBy: Author | null;
  readonly updatedAt: Date;
  /** Null: no token did, as with a pause that was made in Temporal. */
  readonly updatedBy: Author | null;
}

/** Settings left out take their defaults. `createdBy` is the token's id, null for none. */
export interface NewSync {
  readonly workspaceId: string;
  readonly name: string;
  readonly modelId: string;
  readonly destinationId: string;
  readonly mode: SyncMode;
  readonly mapping: readonly FieldMapping[];
  readonly object: DestinationObject;
  readonly settings: Partial<SyncSettings>;
  /** Absent: queue_one. */
  readonly overlapPolicy?: OverlapPolicy;
  /** Absent: it has none. */
  readonly schedule?: Schedule | null;
  readonly createdBy: string | null;
}

// One column, as a sync's own and a schedule's columns share names.
const scheduleObject = `CASE WHEN p.sync_id IS NOT NULL THEN json_build_object(${scheduleColumns
  .map((column) => `'${column}', p.${column}`)
  .join(', ')}) END AS schedule`;

export class SyncStore {
  constructor(private readonly knex: Knex) {}

  /** Stores a sync as version 1, its settings spelled out so that later defaults do not change it. Throws NameTakenError. */
  async create(input: NewSync): Promise<StoredSync> {
    const { workspaceId, name, modelId, destinationId, mode, mapping, object, createdBy } = input;
    const { overlapPolicy = defaultOverlapPolicy, schedule = null } = input;
    const settings = { ...defaultSettings, ...input.settings };
    const id = newId('sync');
    return withUniqueName(name, () =>
      this.knex.transaction(async (trx) => {
        await trx('syncs').insert({
          id,
          workspace_id: workspaceId,
          name,
          model_id: modelId,
          destination_id: destinationId,
          overlap_policy: overlapPolicy,
          created_by: createdBy,
          updated_by: createdBy,
        });
        const place = { workspaceId, syncId: id };
        await writeVersion(trx, place, 1, { mode, mapping, object, settings }, createdBy);
        if (schedule) await writeSchedule(trx, place, schedule);
        return new SyncStore(trx).get(workspaceId, id);
      }),
    );
  }

  async find(workspaceId: string, syncId: string): Promise<StoredSync | null> {
    const row: SyncRow | undefined = await this.current(workspaceId).where('syncs.id', syncId).first();
    return row ? mapRow(row) : null;
  }

  /** As find; throws SyncNotFoundError. */
  async get(workspaceId: string, syncId: string): Promise<StoredSync> {
    const sync = await this.find(workspaceId, syncId);
    if (!sync) throw new SyncNotFoundError(`sync ${syncId} does not exist`);
    return sync;
  }

  /** Throws SyncNotFoundError unless the workspace has such a sync, or had it: what it did stays readable. */
  async assertHistory(workspaceId: string, syncId: string): Promise<void> {
    const found = await this.knex('syncs').where({ workspace_id: workspaceId, id: syncId }).first('id');
    if (!found) throw new SyncNotFoundError(`sync ${syncId} never was`);
  }

  /** In order of creation. */
  async list(workspaceId: string, filter: NameFilter, page: PageRequest): Promise<Page<StoredSync>> {
    const counting = this.knex('syncs').where({ workspace_id: workspaceId }).whereNull('deleted_at');
    const matching = this.current(workspaceId);
    if (filter.name !== undefined) {
      void counting.where({ name: filter.name });
      void matching.where('syncs.name', filter.name);
    }
    const [rows, counted] = await Promise.all([
      matching.orderBy(['syncs.created_at', 'syncs.id']).limit(page.perPage).offset(offsetOf(page)),
      counting.count<{ total: number }[]>({ total: '*' }),
    ]);
    return { rows: rows.map(mapRow), total: counted[0]?.total ?? 0 };
  }

  private current(workspaceId: string): Knex.QueryBuilder<SyncRow, SyncRow[]> {
    return this.knex('syncs')
      .join('sync_versions as current', (on) =>
        on.on('current.sync_id', 'syncs.id').andOn('current.version', 'syncs.version'),
      )
      .leftJoin('sync_schedules as p', (on) => on.on('p.sync_id', 'syncs.id').andOnNull('p.removed_at'))
      .where('syncs.workspace_id', workspaceId)
      .whereNull('syncs.deleted_at')
      .select(
        'syncs.*',
        'current.mode',
        'current.mapping',
        'current.object',
        'current.settings',
        // After the columns of the same names, which they replace.
        authorIn(this.knex, 'syncs', 'created_by'),
        authorIn(this.knex, 'syncs', 'updated_by'),
        this.knex.raw(scheduleObject),
      ) as Knex.QueryBuilder<SyncRow, SyncRow[]>;
  }
}

/** Writes what runs pin from now on, once the sync's row names the version. */
export async function writeVersion(
  trx: Knex.Transaction,
  { workspaceId, syncId }: SyncPlace,
  version: number,
  { mode, mapping, object, settings }: SyncConfig,
  by: string | null,
): Promise<void> {
  await trx('sync_versions').insert({
    sync_id: syncId,
    version,
    workspace_id: workspaceId,
    mode,
    mapping: JSON.stringify(mapping),
    object: JSON.stringify(object),
    settings: JSON.stringify(settings),
    created_by: by,
    created_at: trx.raw('clock_timestamp()'),
  });
}

/** A version's row as the domain has it; settings that did not exist when it was stored take their defaults. */
export function mapSyncConfig(row: SyncConfigRow): SyncConfig {
  return {
    mode: row.mode,
    mapping: row.mapping,
    object: row.object,
    settings: { ...defaultSettings, ...row.settings },
  };
}

function mapRow(row: SyncRow): StoredSync {
  return {
    ...mapSyncConfig(row),
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    modelId: row.model_id,
    destinationId: row.destination_id,
    version: row.version,
    overlapPolicy: row.overlap_policy,
    pausedAt: row.paused_at,
    pauseNote: row.pause_note,
    schedule: row.schedule && mapSchedule(row.schedule),
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}
