// Owns the route that reads a run's timeline: as JSON, or as a stream that goes on while the run does.
import type { Knex } from 'knex';
import { hasRun, runEvents, settledEvents } from '../../db/views/run-events-view';
import { invalidRequest, notFound } from '../errors';
import { type Route, type RouteAnswer, route } from '../route';
import { runEventsAnswer } from './answers';
import type { LiveEvents } from './live-events';
import { presentEvent } from './presenter';
import { lastEventId, runEventsQuery } from './schema';

export interface EventRoutesDependencies {
  readonly knex: Knex;
  readonly liveEvents: LiveEvents;
}

const streamType = 'text/event-stream';

export function eventRoutes({ knex, liveEvents }: EventRoutesDependencies): Route[] {
  return [
    route({
      method: 'GET',
      path: '/syncs/:sync_id/runs/:run_id/events',
      scope: 'read',
      tag: 'Runs',
      summary: 'The timeline of a run, or with Accept: text/event-stream its events as they come',
      query: runEventsQuery,
      answers: { 200: [runEventsAnswer, { mediaType: streamType }], 204: null },
      problems: ['too_many_requests', 'server_stopping'],
      async handle({ workspaceId, tokenId, query, param, header, accepts }) {
        const run = { workspaceId, syncId: param('sync_id'), runId: param('run_id') };
        const isStream = accepts('application/json', streamType) === streamType;
        if (isStream && query.limit !== undefined) throw limitOfStream();
        const after = isStream ? (lastEventId(header('Last-Event-ID')) ?? query.after ?? 0) : query.after;
        if (!(await hasRun(knex, run))) throw notFound('This run');
        if (isStream) return streamed(await liveEvents.open(run, tokenId, after ?? 0));
        const events =
          after === undefined
            ? await runEvents(knex, workspaceId, run.runId, query.limit)
            : ((await settledEvents(knex, run, after, query.limit))?.events ?? []);
        return { body: { data: events.map(presentEvent) } };
      },
    }),
  ];
}

function streamed(stream: NodeJS.ReadableStream | null): RouteAnswer {
  // 204 tells a browser's EventSource not to come again: the run has ended and it has seen everything.
  if (stream === null) return { status: 204, body: null };
  return {
    headers: {
      'Content-Type': `${streamType}; charset=utf-8`,
      // Kept back or packed, an event would arrive with the ones after it.
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    },
    body: stream,
  };
}

function limitOfStream(): Error {
  const detail = 'A stream has no limit; it belongs to the JSON answer.';
  return invalidRequest([{ pointer: '/limit', code: 'not_for_streams', detail }]);
}
