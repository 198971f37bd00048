// Owns what a problem looks like on the wire, and what the pages about problems answer. Which problems there are is problems.ts'.
import { z } from 'zod';
import { type ProblemCode, problemTable } from './problems';

const codes = Object.keys(problemTable) as [ProblemCode, ...ProblemCode[]];

/** Any answer of 400 or more: RFC 9457, and members of our own. Some codes bring more, like `blocking_run`. */
export const problemAnswer = z
  .looseObject({
    type: z.string().meta({ description: 'An address that answers with what the code means.' }),
    title: z.string().meta({ description: 'What the code means; the same every time.' }),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What is wrong this time, as a sentence for the caller.' }),
    instance: z.string().optional().meta({
      description: 'The path that was asked for; absent when the request could not be read that far.',
    }),
    code: z.enum(codes).meta({ description: 'Stable, for programs. New ones may come.' }),
    request_id: z.string().meta({ description: 'Finds this request in the logs.' }),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().meta({
            description:
              'JSON pointer into the body, or `/` and the name of a query parameter; empty: all of it.',
          }),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .meta({
        description:
          'Every fault of the request, where faults can be told apart: a hundred at most, and then one with the code `more_faults` that says how many more.',
      }),
  })
  .meta({
    id: 'Problem',
    description: 'Why a request was not done (RFC 9457).',
    example: {
      type: '/problems/invalid_request',
      title: problemTable.invalid_request.title,
      status: 400,
      detail: '/per_page: Must be 100 at most.',
      instance: '/api/v1/syncs/sync_xyz789/runs',
      code: 'invalid_request',
      request_id: '8f14e45f-ceea-467f-a0e6-8a1b0f3c9d21',
      errors: [{ pointer: '/per_page', code: 'custom', detail: 'Must be 100 at most.' }],
    },
  });

/** GET /problems/{code}. */
export const problemMeaningAnswer = z.strictObject({
  type: z.string(),
  code: z.enum(codes),
  status: z.int().min(400).max(599),
  title: z.string(),
});

/** GET /problems. */
export const problemMeaningsAnswer = z.strictObject({ data: z.array(problemMeaningAnswer) });
