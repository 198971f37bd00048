// Makes one object of every kind in a workspace, so that every path of the API leads to something.
import type { Knex } from 'knex';
import { type IdKind, idPrefixes } from '../../../domain/ids';
import { aDestination } from '../../factories/a-destination';
import { aModel } from '../../factories/a-model';
import { aRowError } from '../../factories/a-row-error';
import { aRun } from '../../factories/a-run';
import { aSchedule } from '../../factories/a-schedule';
import { aSource } from '../../factories/a-source';
import { aSync } from '../../factories/a-sync';
import { aToken, aWorkspace } from '../../factories/a-workspace';
import { aChannel, aDelivery, anAlert } from '../../factories/an-alert';

/** Stands in every name and message, so that a leak can be seen. */
export const canary = 'canary';

export interface World {
  readonly workspaceId: string;
  /** What stands for each `:name` of a path. */
  readonly values: Readonly<Record<string, string>>;
}

/** A workspace, its own unless one is given, with a source, a model, a destination, a scheduled sync, runs, a token and an alert. */
export async function aWorld(knex: Knex, workspaceId?: string): Promise<World> {
  const workspace = workspaceId ?? (await aWorkspace(knex)).id;
  const place = { workspaceId: workspace };
  const suffix = `${canary} ${Math.random().toString(36).slice(2)}`;
  const source = await aSource(knex, { ...place, name: `Source ${suffix}` });
  const model = await aModel(knex, { ...place, sourceId: source.id, name: `Model ${suffix}` });
  const destination = await aDestination(knex, { ...place, name: `Destination ${suffix}` });
  const sync = await aSync(knex, {
    ...place,
    name: `Sync ${suffix}`,
    modelId: model.id,
    destinationId: destination.id,
  });
  await aSchedule(knex, { ...place, syncId: sync.id });
  // Of the last hour: insights look no further back than their window.
  const startedAt = new Date(Date.now() - 3_600_000);
  const run = await aRun(knex, { sync, note: suffix, startedAt });
  await aRowError(knex, run, { rowId: 'usr_123', message: `Invalid email format, ${suffix}` });
  const token = await aToken(knex, workspace);
  const channel = await aChannel(knex, { ...place, name: `Channel ${suffix}` });
  const detail = { sentence: `${suffix} failed`, advice: [suffix] };
  const alert = await anAlert(knex, { sync, runId: run.id, detail });
  const delivery = await aDelivery(knex, { channel, alerts: [alert] });
  await aRule(knex, workspace, null, channel.id);
  await aRule(knex, workspace, sync.id, channel.id);
  return {
    workspaceId: workspace,
    values: {
      source_id: source.id,
      model_id: model.id,
      destination_id: destination.id,
      sync_id: sync.id,
      run_id: run.id,
      token_id: token.id,
      channel_id: channel.id,
      alert_id: alert.id,
      delivery_id: delivery,
      row_key: 'usr_123',
      version: '1',
      rule: 'run_failed',
    },
  };
}

/** A rule that is told on one channel; the last one of a workspace stays. */
async function aRule(
  knex: Knex,
  workspaceId: string,
  syncId: string | null,
  channelId: string,
): Promise<void> {
  const rule = {
    workspace_id: workspaceId,
    sync_id: syncId,
    kind: 'run_failed',
    enabled: true,
    settings: '{}',
  };
  await knex('alert_rules')
    .insert({ ...rule, channel_ids: [channelId] })
    .onConflict(knex.raw('ON CONSTRAINT alert_rules_unique'))
    .merge(['channel_ids']);
}

/** The same paths, to ids that nobody has. */
export function missingWorld({ values }: Pick<World, 'values'>): World {
  return {
    workspaceId: 'ws_00000000000000000000000000',
    values: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, missingId(name) ?? value]),
    ),
  };
}

function missingId(name: string): string | undefined {
  const kind = name.replace(/_id$/, '');
  return kind in idPrefixes ? `${idPrefixes[kind as IdKind]}_${'0'.repeat(26)}` : undefined;
}

/** Every path, before there is a database: what a table of tests can be made from. */
export const nobodysWorld = missingWorld({
  values: Object.fromEntries([
    ...Object.keys(idPrefixes).map((kind) => [`${kind}_id`, '']),
    ['row_key', 'usr_123'],
    ['version', '1'],
    ['rule', 'run_failed'],
  ]),
});

/** A declared path with its parameters put in. */
export function filledPath(path: string, { values }: World): string {
  return path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`aWorld has nothing for the parameter :${name} of ${path}`);
    return encodeURIComponent(value);
  });
}
