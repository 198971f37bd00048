// Owns what the check of a sync answers.
import { z } from 'zod';
import { countAnswer } from '../../answers';
import { syncCheckNames } from './sync-checks';

export const syncCheckAnswer = z
  .strictObject({
    ok: z.boolean().meta({ description: 'Whether every check went well.' }),
    checks: z.array(
      z.strictObject({
        name: z.enum(syncCheckNames),
        ok: z.boolean(),
        detail: z.string().meta({ example: 'Connected to database "warehouse" as "reader"' }),
      }),
    ),
    duration_ms: countAnswer,
  })
  .meta({ id: 'SyncCheck' });
