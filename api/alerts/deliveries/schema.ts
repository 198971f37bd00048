// Owns what a request about deliveries may hold.
import { z } from 'zod';
import { deliveryStates } from '../../../db/views/alerts/delivery-list-view';
import { hasOnePlace, onePlaceFault, pagingOrCursor, wordList } from '../../fields';

/** Query of GET …/deliveries. */
export const deliveriesQuery = z
  .strictObject({
    ...pagingOrCursor(20, 100),
    state: wordList(deliveryStates)
      .optional()
      .meta({ description: 'One or more, separated by commas.', example: 'pending,failed' }),
  })
  .refine(hasOnePlace, onePlaceFault);

export type DeliveriesQuery = z.output<typeof deliveriesQuery>;
