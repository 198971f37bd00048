// Owns the routes of alert rules: all as they hold, and each one set or given up, for the workspace or for one sync.
import type { Knex } from 'knex';
import {
  putRule,
  removeRule,
  type RuleCheck,
  ruleInForce,
  type RulePlace,
  rulesInForce,
  UnknownChannelsError,
} from '../../../db/alerts/rule-store';
import type { SyncStore } from '../../../db/configuration/sync-store';
import { type AlertRuleKind, alertRuleKinds } from '../../../domain/alerts/rules';
import { assertIfMatch } from '../../configuration/if-match';
import { notFound, unprocessable } from '../../errors';
import { type Route, route } from '../../route';
import { ruleAnswer, ruleListAnswer } from './answers';
import { presentRule, ruleOnWire } from './presenter';
import { ruleBody, ruleOf, rulesQuery } from './schema';

export interface RuleRoutesDependencies {
  readonly knex: Knex;
  readonly syncs: SyncStore;
}

interface PlacedRequest {
  readonly workspaceId: string;
  param(name: string): string;
}

const tag = 'Alerts';

export function ruleRoutes(deps: RuleRoutesDependencies): Route[] {
  const { knex, syncs } = deps;
  return [
    route({
      method: 'GET',
      path: '/alert-rules',
      scope: 'read',
      tag,
      summary: 'List all alert rules as they hold, for the workspace or for one sync',
      query: rulesQuery,
      answers: { 200: ruleListAnswer },
      problems: ['not_found'],
      async handle({ workspaceId, query: { sync_id: syncId } }) {
        if (syncId !== undefined) await syncs.get(workspaceId, syncId);
        return { body: { data: (await rulesInForce(knex, workspaceId, syncId ?? null)).map(presentRule) } };
      },
    }),
    ...rulesOf(deps, {
      path: '/alert-rules/:rule',
      whose: 'for all syncs',
      placeOf: async ({ workspaceId, param }) => ({ workspaceId, syncId: null, kind: kindOf(param('rule')) }),
    }),
    ...rulesOf(deps, {
      path: '/syncs/:sync_id/alert-rules/:rule',
      whose: 'for one sync',
      async placeOf({ workspaceId, param }) {
        const { id: syncId } = await syncs.get(workspaceId, param('sync_id'));
        return { workspaceId, syncId, kind: kindOf(param('rule')) };
      },
    }),
  ];
}

interface RulePath {
  readonly path: string;
  readonly whose: string;
  readonly placeOf: (request: PlacedRequest) => Promise<RulePlace>;
}

function rulesOf({ knex }: RuleRoutesDependencies, { path, whose, placeOf }: RulePath): Route[] {
  return [
    route({
      method: 'GET',
      path,
      scope: 'read',
      tag,
      summary: `Show an alert rule as it holds ${whose}`,
      answers: { 200: ruleAnswer },
      problems: ['not_found'],
      handle: async (request) => ruleOnWire(await ruleInForce(knex, await placeOf(request))),
    }),
    route({
      method: 'PUT',
      path,
      scope: 'write',
      tag,
      summary: `Set an alert rule ${whose}; what is left out is as everybody has it`,
      body: ruleBody,
      answers: { 200: ruleAnswer },
      problems: ['not_found', 'precondition_failed', 'unprocessable'],
      async handle(request) {
        const place = await placeOf(request);
        const wanted = ruleOf(place.kind, request.body);
        const check = matching(request.header('if-match'));
        return ruleOnWire(
          await putRule(knex, place, wanted, request.tokenId, check).catch(asProblem(wanted.channelIds)),
        );
      },
    }),
    route({
      method: 'DELETE',
      path,
      scope: 'write',
      tag,
      summary: `Give up what was set of an alert rule ${whose}`,
      answers: { 204: null },
      problems: ['not_found', 'precondition_failed'],
      async handle(request) {
        await removeRule(knex, await placeOf(request), matching(request.header('if-match')));
        return { status: 204, body: null };
      },
    }),
  ];
}

/** Without the header there is no condition. */
function matching(header: string): RuleCheck {
  return (current) => {
    if (header !== '') assertIfMatch(header, ruleOnWire(current).etag);
  };
}

function kindOf(name: string): AlertRuleKind {
  const kind = alertRuleKinds.find((known) => known === name);
  if (!kind) throw notFound('This alert rule');
  return kind;
}

function asProblem(channelIds: readonly string[] | null) {
  return (error: unknown): never => {
    if (!(error instanceof UnknownChannelsError)) throw error;
    throw unprocessable(
      error.channelIds.map((id) => ({
        pointer: `/channel_ids/${channelIds?.indexOf(id)}`,
        code: 'unknown_channel',
        detail: `There is no channel ${id}.`,
      })),
    );
  };
}
