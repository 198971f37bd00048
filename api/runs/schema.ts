// Owns what a request about runs may hold.
import { z } from 'zod';
import { retryScopes, runKinds, runOutcomes, runStatuses, runTriggers } from '../../domain/run';
import { type RunSortKey, runSortKeys } from '../../db/views/run-list/run-order';
import {
  hasOnePlace,
  idList,
  onePlaceFault,
  pagingOrCursor,
  share,
  text,
  time,
  wholeNumber,
  wordList,
} from '../fields';

/** Orders a list of runs can be asked for; `-` begins with the last. */
const runSorts = runSortKeys.flatMap((key): (RunSortKey | `-${RunSortKey}`)[] => [`-${key}`, key]);
export type RunSort = (typeof runSorts)[number];

/** The order runs came in, newest first. */
export const defaultRunSort = '-queued_at' satisfies RunSort;

const several = 'One or more, separated by commas.';

const listOfRuns = {
  ...pagingOrCursor(20, 100),
  status: wordList(runStatuses).optional().meta({ description: several, example: 'failed,cancelled' }),
  outcome: wordList(runOutcomes)
    .optional()
    .meta({ description: several, example: 'with_row_errors,partial' }),
  trigger: wordList(runTriggers).optional().meta({ description: several, example: 'manual,api' }),
  kind: wordList(runKinds).optional().meta({ description: several, example: 'full_resync' }),
  has_errors: z
    .enum(['true', 'false'], 'Must be true or false.')
    .transform((value) => value === 'true')
    .optional()
    .meta({ description: 'Whether any row was refused.' }),
  min_error_rate: share.optional().meta({
    description: 'Least share of the rows processed that was refused, 0 to 1: `0.01` is one in a hundred.',
    example: '0.01',
  }),
  min_duration: wholeNumber.optional().meta({
    description: 'Least duration in seconds. A run that has not ended has none yet and is left out.',
    example: '300',
  }),
  started_after: time.optional().meta({ description: 'Runs that started after this time.' }),
  started_before: time.optional().meta({ description: 'Runs that started before this time.' }),
  sort: z.enum(runSorts).default(defaultRunSort).meta({
    description:
      'What the list is in the order of; with `-` the greatest comes first. `queued_at` is the order runs came in. By `started_at` a run that has not started stands where it was queued; by `duration` one that has not ended is the shortest.',
  }),
};

/** Query of GET /syncs/{id}/runs. */
export const syncRunsQuery = z.strictObject(listOfRuns).refine(hasOnePlace, onePlaceFault);

/** Query of GET /runs. A hundred syncs are more than a page shows runs of. */
export const runsQuery = z
  .strictObject({
    ...listOfRuns,
    sync_id: idList('sync', 100)
      .optional()
      .meta({ description: `${several} At most a hundred.` }),
  })
  .refine(hasOnePlace, onePlaceFault);

export type RunsQuery = z.output<typeof runsQuery>;

/** What can be asked of a new run, whether it is triggered or retries another. */
export const askedOfRun = {
  kind: z.enum(runKinds).default('normal').meta({
    description:
      '`normal` sends what has changed, `full_resync` offers every row again, `dry_run` plans and counts, and sends nothing.',
  }),
  note: text(500)
    .nullable()
    .default(null)
    .meta({ description: 'Kept with the run, for people.', example: 'After the CRM migration' }),
  allow_deletes: z
    .boolean()
    .default(false)
    .meta({ description: 'Lets deletes through once that are held for being unusually many.' }),
};

/** Body of POST …/retry; all of it may be left out. A full resync and a dry run are about every row. */
export const newRetry = z
  .strictObject({
    scope: z.enum(retryScopes).default('all').meta({
      description:
        'Which rows of the run: `all` anew, those that `failed`, or those `not_attempted` or never answered. Only with `all` can `kind` be another than `normal`.',
    }),
    ...askedOfRun,
  })
  .refine(({ scope, kind }) => scope === 'all' || kind === 'normal', {
    path: ['kind'],
    error: 'Must be normal unless the scope is all.',
    params: { code: 'kind_needs_scope_all' },
  });
