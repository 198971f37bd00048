// Owns what the document says of the messages that webhooks get: one schema for each versioned type. Sending them is the
// worker's, and their form the domain's (webhook-event); a test holds the two together.
import { z } from 'zod';
import type { oas31, ZodOpenApiPathItemObject } from 'zod-openapi';
import { type AlertMessageType, mostAlertsNamed } from '../../domain/alerts/message';
import { alertKinds } from '../../domain/alerts/rules';
import { failureTable } from '../../domain/failure';
import { runOutcomes, runStatuses, runTriggers } from '../../domain/run';
import { idAnswer } from '../answers';

/** An object that may gain keys: who reads it overlooks those it does not know. */
function open<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).meta({
    override: ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
}

const timestamp = z.iso.datetime();
const rows = z.int().min(0);
const sync = open({ id: idAnswer('sync'), name: z.string() });

const links = open({
  run: z.string().meta({ description: 'The run, over the API.' }),
  errors: z.string().meta({ description: 'Its row errors.' }),
  temporal: z.string().nullable().meta({ description: 'Its page in the Temporal Web UI.' }),
});

const run = {
  id: idAnswer('run'),
  status: z.enum(runStatuses),
  outcome: z.enum(runOutcomes).nullable(),
  trigger: z.enum(runTriggers),
  started_at: timestamp.nullable(),
  completed_at: timestamp.nullable(),
  duration_ms: z.int().min(0).nullable(),
  rows_processed: rows,
  rows_created: rows,
  rows_updated: rows,
  rows_deleted: rows,
  rows_failed: rows,
  failure: open({
    code: z.enum(Object.keys(failureTable) as [keyof typeof failureTable]),
    message: z.string(),
  }).nullable(),
};

const alert = open({
  id: idAnswer('alert'),
  kind: z.enum(alertKinds).meta({ description: 'The rule that opened it.' }),
  severity: z.enum(['warning', 'critical']),
  sync,
  sentence: z.string().meta({ example: 'Users → CRM failed: Destination authentication expired' }),
  advice: z.array(z.string()).meta({ description: 'What to do, most useful first.' }),
  about: open({ kind: z.enum(['source', 'model', 'destination']), id: z.string(), name: z.string() })
    .nullable()
    .meta({ description: 'Where it lies, so far as that is known.' }),
  occurrences: z.int().min(1),
  opened_at: timestamp,
  last_seen_at: timestamp,
  resolved_at: timestamp.nullable(),
  resolved_run: open({ ...run, links: links.nullable() })
    .nullable()
    .meta({ description: 'The run that ended it; null: none did, or it goes on.' }),
  resolved_by_hand: z.boolean(),
  observed: z.number().nullable().meta({
    description: 'Of rules with a measure: rows, a share of 0 to 1, milliseconds, or a number of runs.',
  }),
  expected: z.number().nullable().meta({ description: 'What it was expected to be, or the threshold.' }),
  due_at: timestamp.nullable().meta({ description: 'Of `run_late`: from which slot on nothing came.' }),
  run: open(run).nullable().meta({ description: 'The run it was last seen at.' }),
  links: links.nullable().meta({ description: 'Where one can look at `run`.' }),
});

const common = {
  summary: z.string().meta({ description: 'The whole message in one sentence.' }),
  workspace: open({ id: idAnswer('workspace'), name: z.string() }),
};

const aboutAlerts = open({
  ...common,
  alerts: z
    .array(alert)
    .max(mostAlertsNamed)
    .meta({ description: `The first ${mostAlertsNamed}, by when they were opened.` }),
  alert_count: z.int().min(1).meta({ description: 'How many it is about, those named included.' }),
});

interface EventForm {
  readonly name: string;
  readonly summary: string;
  readonly data: z.ZodType;
}

const forms: Readonly<Record<AlertMessageType, EventForm>> = {
  'alert.raised': { name: 'AlertRaisedV1', summary: 'Alerts were opened', data: aboutAlerts },
  'alert.repeated': { name: 'AlertRepeatedV1', summary: 'Alerts go on', data: aboutAlerts },
  'alert.resolved': { name: 'AlertResolvedV1', summary: 'Alerts are over', data: aboutAlerts },
  'sync_run.completed': {
    name: 'SyncRunCompletedV1',
    summary: 'A run has completed',
    data: open({ ...common, run: open({ ...run, sync, links: links.nullable() }) }),
  },
  'channel.disabled': {
    name: 'ChannelDisabledV1',
    summary: 'Another channel was switched off, as nothing could be told there',
    data: open({
      ...common,
      channel: open({ id: idAnswer('channel'), name: z.string(), reason: z.string() }),
    }),
  },
  'channel.test': { name: 'ChannelTestV1', summary: 'A test, which somebody asked for', data: open(common) },
};

/** Schema of the body, by versioned type: `alert.raised.v1`. */
export const webhookEventSchemas: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.entries(forms).map(([type, { name, data }]) => [
    `${type}.v1`,
    open({
      type: z.literal(`${type}.v1`),
      timestamp: timestamp.meta({ description: 'When the message was made; the same at every attempt.' }),
      data,
    }).meta({ id: name }),
  ]),
);

const headers: readonly oas31.ParameterObject[] = [
  {
    name: 'webhook-id',
    in: 'header',
    required: true,
    description: 'The id of the message, the same at every attempt: what comes twice has the same one.',
    schema: { type: 'string' },
    example: 'dlv_01k7a8b9c0d1e2f3g4h5j6k7m8',
  },
  {
    name: 'webhook-timestamp',
    in: 'header',
    required: true,
    description:
      'When this attempt was made, in seconds since 1970. Refuse what is more than five minutes off.',
    schema: { type: 'string', pattern: '^\\d+$' },
    example: '1736931863',
  },
  {
    name: 'webhook-signature',
    in: 'header',
    required: true,
    description:
      '`v1,` and the base64 of HMAC-SHA256 of `id.timestamp.body`, once for each valid secret, with blanks between. One that fits is enough.',
    schema: { type: 'string' },
    example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  },
];

/** The `webhooks` of the document. */
export function webhookOperations(): Record<string, ZodOpenApiPathItemObject> {
  return Object.fromEntries(
    Object.entries(forms).map(([type, { name, summary }]) => [
      `${type}.v1`,
      {
        post: {
          operationId: name.charAt(0).toLowerCase() + name.slice(1),
          tags: ['Alerts'],
          summary,
          description:
            'Sent to the webhooks of a workspace, by Standard Webhooks. It may come more than once, with the same `webhook-id`. Answer within ten seconds.',
          security: [],
          parameters: [...headers],
          requestBody: {
            required: true,
            content: { 'application/json': { schema: webhookEventSchemas[`${type}.v1`] as z.ZodType } },
          },
          responses: {
            '2XX': { description: 'Taken.' },
            '410': { description: 'Nobody is there any more: the channel is switched off.' },
            default: { description: 'Tried again for a day, later where `Retry-After` says so.' },
          },
        },
      },
    ]),
  );
}
