// Owns what the routes of tokens answer.
import { z } from 'zod';
import { tokenScopes } from '../../db/configuration/token-store';
import { tokenStatuses } from '../../db/views/tokens-view';
import { authorAnswer, idAnswer, pageOf, timeAnswer } from '../answers';

const token = {
  id: idAnswer('token'),
  name: z.string().meta({ example: 'CI' }),
  scopes: z.array(z.enum(tokenScopes)),
  status: z.enum(tokenStatuses),
  created_at: timeAnswer,
  created_by: authorAnswer,
  expires_at: timeAnswer.nullable().meta({ description: 'From when on it is refused; null: never.' }),
  last_used_at: timeAnswer.nullable().meta({ description: 'To within ten minutes; null: not yet.' }),
  revoked_at: timeAnswer.nullable(),
  revoked_by: authorAnswer,
};

export const tokenAnswer = z.strictObject(token).meta({ id: 'Token' });

export const newTokenAnswer = z
  .strictObject({
    ...token,
    token: z.string().meta({
      description: 'The secret, shown this once: send it as Authorization: Bearer <token>.',
      example: 'signalsmith_3d9k0q…',
    }),
  })
  .meta({ id: 'NewToken' });

export const tokenListAnswer = pageOf(tokenAnswer);
