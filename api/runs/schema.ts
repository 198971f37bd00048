// Owns what a request about runs may hold.
import { z } from 'zod';
import { retryScopes, runKinds, runOutcomes, runStatuses, runTriggers } from '../../domain/run';
import { paging, text, wordList } from '../fields';

const time = z.iso
  .datetime({ offset: true, error: 'Must be a time like 2025-01-15T09:00:00Z.' })
  .transform((value) => new Date(value));

/** Query of GET /syncs/{id}/runs. */
export const runHistoryQuery = z.strictObject({
  ...paging(20, 100),
  status: wordList(runStatuses).optional(),
  outcome: wordList(runOutcomes).optional(),
  trigger: wordList(runTriggers).optional(),
  kind: wordList(runKinds).optional(),
  has_errors: z
    .enum(['true', 'false'], 'Must be true or false.')
    .transform((value) => value === 'true')
    .optional(),
  started_after: time.optional(),
  started_before: time.optional(),
});

/** Body of POST …/retry; all of it may be left out. A full resync and a dry run are about every row. */
export const newRetry = z
  .strictObject({
    scope: z.enum(retryScopes).default('all'),
    kind: z.enum(runKinds).default('normal'),
    note: text(500).nullable().default(null),
    allow_deletes: z.boolean().default(false),
  })
  .refine(({ scope, kind }) => scope === 'all' || kind === 'normal', {
    path: ['kind'],
    error: 'Must be normal unless the scope is all.',
    params: { code: 'kind_needs_scope_all' },
  });
