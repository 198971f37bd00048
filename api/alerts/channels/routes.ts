// Owns the routes of alert channels: where people are told, and trying that out.
import type { Knex } from 'knex';
import {
  type ChannelChange,
  type ChannelStore,
  type StoredChannel,
  TooManySecretsError,
} from '../../../db/alerts/channel-store';
import { withdrawTestDelivery, writeTestDelivery } from '../../../db/alerts/test-delivery';
import { timeFromNow } from '../../../db/time-from-now';
import { findDelivery } from '../../../db/views/alerts/delivery-list-view';
import { pageOf } from '../../answers';
import { assertIfMatch } from '../../configuration/if-match';
import { InspectionUnavailableError, type Inspector } from '../../configuration/inspector';
import { removeConfigured } from '../../configuration/remove-configured';
import { ApiError, notFound, preconditionFailed, unprocessable } from '../../errors';
import { configurationQuery } from '../../fields';
import { paged, pageRequest } from '../../lists/paged';
import { type Route, route } from '../../route';
import { wireTime } from '../../wire-time';
import { channelAnswer, newChannelAnswer, rotatedAnswer, testAnswer } from './answers';
import { channelOnWire, presentChannel, presentTest } from './presenter';
import { type ChannelPatch, channelPatch, newChannel, rotation, shownOf } from './schema';
import { newSigningSecret } from './signing-secret';

export interface ChannelRoutesDependencies {
  readonly knex: Knex;
  readonly channels: ChannelStore;
  readonly inspector: Inspector;
}

const tag = 'Alerts';

export function channelRoutes({ knex, channels, inspector }: ChannelRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/alert-channels',
      scope: 'read',
      tag,
      summary: 'List the alert channels in order of creation',
      query: configurationQuery,
      answers: { 200: pageOf(channelAnswer) },
      async handle({ workspaceId, query }) {
        const request = pageRequest(query);
        return { body: paged(await channels.list(workspaceId, query, request), request, presentChannel) };
      },
    }),
    route({
      method: 'POST',
      path: '/alert-channels',
      scope: 'write',
      tag,
      summary: 'Create an alert channel; a secret that is made for it is shown this once',
      body: newChannel,
      answers: { 201: newChannelAnswer },
      problems: ['name_taken'],
      async handle({ workspaceId, tokenId, body: { made, ...given } }) {
        const channel = await channels.create({ workspaceId, ...given, createdBy: tokenId });
        const { body, etag } = channelOnWire(channel);
        const headers = { Location: `/api/v1/alert-channels/${channel.id}` };
        return { status: 201, headers, etag, body: { ...body, ...(made === null ? {} : { secret: made }) } };
      },
    }),
    route({
      method: 'GET',
      path: '/alert-channels/:channel_id',
      scope: 'read',
      tag,
      summary: 'Show an alert channel',
      answers: { 200: channelAnswer },
      problems: ['not_found'],
      handle: async (request) => channelOnWire(await find(request)),
    }),
    route({
      method: 'PATCH',
      path: '/alert-channels/:channel_id',
      scope: 'write',
      tag,
      summary: 'Change an alert channel, or switch it on or off; what is left out stays as it is',
      body: channelPatch,
      answers: { 200: channelAnswer },
      problems: ['not_found', 'name_taken', 'precondition_failed', 'precondition_required', 'unprocessable'],
      async handle(request) {
        const channel = await find(request);
        assertIfMatch(request.header('if-match'), channelOnWire(channel).etag);
        const change = changeOf(channel, request.body);
        if (Object.values(change).every((value) => value === undefined)) return channelOnWire(channel);
        const changed = await channels.change(channel, { ...change, updatedBy: request.tokenId });
        if (!changed) throw preconditionFailed();
        return channelOnWire(changed);
      },
    }),
    route({
      method: 'DELETE',
      path: '/alert-channels/:channel_id',
      scope: 'write',
      tag,
      summary: 'Delete an alert channel that no rule names, and withdraw what it was still to be told',
      answers: { 204: null },
      problems: ['not_found', 'in_use', 'precondition_failed'],
      async handle(request) {
        const channel = await find(request);
        const { etag } = channelOnWire(channel);
        const removable = { ...channel, etag, what: 'This channel', userKind: 'rule' } as const;
        return removeConfigured(request, removable, channels);
      },
    }),
    route({
      method: 'POST',
      path: '/alert-channels/:channel_id/rotate-secret',
      scope: 'write',
      tag,
      summary: 'Make a new secret for a webhook, shown this once; the old one stays valid for a while',
      body: rotation,
      answers: { 200: rotatedAnswer },
      problems: ['not_found', 'too_many_secrets', 'unprocessable'],
      async handle(request) {
        const { workspaceId, tokenId } = request;
        const { keep_old_hours: keepHours } = request.body;
        const { id, kind } = await find(request);
        if (kind !== 'webhook') throw unprocessable([notOfThisKind('', kind, 'secret that signs')]);
        const secret = newSigningSecret();
        const rotated = await channels
          .rotate({ workspaceId, id }, { secret, keepHours, by: tokenId })
          .catch(asProblem);
        if (!rotated) throw notFound('This channel');
        const until = await timeFromNow(knex, keepHours * hourMs);
        const { body, etag } = channelOnWire(rotated);
        return { etag, body: { ...body, secret, old_secrets_valid_until: wireTime(until) } };
      },
    }),
    route({
      method: 'POST',
      path: '/alert-channels/:channel_id/test',
      scope: 'write',
      isSafe: true,
      tag,
      summary: 'Have a worker send a test message to an alert channel, and tell what came back',
      answers: { 200: testAnswer },
      problems: ['not_found', 'inspection_unavailable'],
      async handle(request) {
        const { id: channelId, workspaceId } = await find(request);
        const deliveryId = await writeTestDelivery(knex, { workspaceId, channelId });
        try {
          await inspector.inspect({ what: 'channel', workspaceId, deliveryId });
        } catch (error) {
          if (error instanceof InspectionUnavailableError)
            await withdrawTestDelivery(knex, { workspaceId, deliveryId });
          throw error;
        }
        const sent = await findDelivery(knex, { workspaceId, of: { channelId } }, deliveryId);
        if (!sent) throw notFound('This channel');
        return { body: presentTest(sent) };
      },
    }),
  ];

  async function find(request: { workspaceId: string; param(name: string): string }): Promise<StoredChannel> {
    const channel = await channels.find(request.workspaceId, request.param('channel_id'));
    if (!channel) throw notFound('This channel');
    return channel;
  }
}

const hourMs = 3_600_000;

/** Throws 422 for what only the other kind has. */
function changeOf({ kind }: StoredChannel, patch: ChannelPatch): Omit<ChannelChange, 'updatedBy'> {
  const { name, enabled, url, secrets } = patch;
  if (kind === 'slack' && url !== undefined) throw unprocessable([notOfThisKind('/url', kind, 'url')]);
  if (kind === 'webhook' && secrets) throw unprocessable([notOfThisKind('/secrets', kind, 'secrets.url')]);
  const address = url ?? secrets?.url;
  if (address === undefined) return { name, enabled };
  return { name, enabled, url: address, config: shownOf(kind as 'slack' | 'webhook', address) };
}

function notOfThisKind(pointer: string, kind: string, what: string) {
  const detail = `A channel of the kind ${kind} has no ${what}.`;
  return { pointer, code: 'not_of_this_kind', detail };
}

function asProblem(error: unknown): never {
  if (!(error instanceof TooManySecretsError)) throw error;
  const detail = 'Wait until some have ended, or rotate with keep_old_hours 0, which ends them at once.';
  throw new ApiError('too_many_secrets', detail);
}
