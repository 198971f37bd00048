// Knows, for every declared route, a request that is right: what is refused then is refused for another reason.
import type { Route } from '../../../api/route';
import { uniqueSuffix } from '../../factories/a-workspace';
import { filledPath, type World } from './a-world';

type Body = Readonly<Record<string, unknown>>;

export interface GoodRequest {
  readonly method: string;
  /** From the root, query included. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: the route takes none. */
  readonly body: Body | undefined;
}

/** What a body has to hold, where an empty one will not do. */
const bodies: Readonly<Record<string, (world: World) => Body>> = {
  'POST /sources': () => ({
    name: `Source ${uniqueSuffix()}`,
    kind: 'postgres',
    config: { url: 'postgres://reader:not-a-secret@warehouse.invalid:5432/warehouse' },
  }),
  'POST /destinations': () => ({
    name: `Destination ${uniqueSuffix()}`,
    kind: 'http',
    config: { url: 'https://crm.invalid/api/contacts/batch' },
  }),
  'POST /models': ({ values }) => ({
    name: `Model ${uniqueSuffix()}`,
    source_id: values['source_id'],
    sql: 'SELECT id, email, last_name FROM users',
    row_key: ['id'],
  }),
  'POST /syncs': ({ values }) => ({
    name: `Sync ${uniqueSuffix()}`,
    model_id: values['model_id'],
    destination_id: values['destination_id'],
    mapping: [
      { column: 'id', field: 'External_Id__c' },
      { column: 'email', field: 'Email' },
    ],
    object: {},
    settings: { patience_seconds: 60 },
    schedule: { interval_seconds: 3_600 },
  }),
  'POST /models/preview': ({ values }) => ({ source_id: values['source_id'], sql: 'SELECT id FROM users' }),
  'POST /syncs/:sync_id/rows/erase': () => ({ row_key: 'usr_123' }),
  'POST /tokens': () => ({ name: `Token ${uniqueSuffix()}`, scopes: ['admin'] }),
  'POST /alert-channels': () => ({
    name: `Channel ${uniqueSuffix()}`,
    kind: 'slack',
    secrets: { url: 'https://hooks.slack.invalid/services/T0/B0/not-a-secret' },
  }),
  'POST /alerts/:alert_id/mute': () => ({ hours: 8 }),
  'PUT /alert-rules/:rule': ruleBody,
  'PUT /syncs/:sync_id/alert-rules/:rule': ruleBody,
  'PUT /syncs/:sync_id/schedule': () => ({ interval_seconds: 3_600 }),
};

function ruleBody({ values }: World): Body {
  return { enabled: true, settings: { remind_hours: 24 }, channel_ids: [values['channel_id']] };
}

/** What a query has to say, where it cannot be left out. */
const queries: Readonly<Record<string, string>> = {
  'GET /syncs/:sync_id/rows': '?row_key=usr_123',
};

/** A request that the route takes, for the objects of this world. */
export function goodRequest(route: Route, world: World): GoodRequest {
  const { method, path, body: schema } = route;
  const body = schema && (bodies[`${method} ${path}`]?.(world) ?? {});
  if (schema && !schema.safeParse(body).success) {
    throw new Error(`test/support/requests/good-requests.ts has no good body for ${method} ${path}`);
  }
  return {
    method,
    path: `/api/v1${filledPath(path, world)}${queries[`${method} ${path}`] ?? ''}`,
    headers: method === 'PATCH' ? { 'If-Match': '*' } : {},
    body,
  };
}

/** The path with one parameter more. */
export function withQuery(path: string, parameter: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}${parameter}`;
}
