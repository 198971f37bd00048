// Owns what the tests of deliveries share: a channel of its own for each, and how its messages are tried and answered.
import type { Knex } from 'knex';
import { beginDelivery, type BegunTry, type NextTry } from '../../../../db/alerts/deliveries/begin-delivery';
import { endDelivery, type EndedTry, type TryAnswer } from '../../../../db/alerts/deliveries/end-delivery';
import { connect } from '../../../../db/connect';
import { type DeliveryPace, deliveryPace } from '../../../../domain/alerts/delivery-pace';
import { aChannelTo, type MadeChannel } from '../../../factories/a-channel';
import { createTestDatabase, type TestDatabase } from '../../../support/database';

export const leaseMs = 60_000;

export const answers = {
  accepted: { verdict: 'accepted', httpStatus: 204, error: null, answer: null, durationMs: 12 },
  trouble: { verdict: 'trouble', httpStatus: 503, error: 'HTTP 503', answer: 'busy', durationMs: 40 },
  aboutMessage: {
    verdict: 'trouble',
    httpStatus: 400,
    error: 'HTTP 400',
    answer: null,
    durationMs: 1,
    isAboutMessage: true,
  },
  refused: { verdict: 'refused', httpStatus: 400, error: 'no_text', answer: 'no_text', durationMs: 1 },
  gone: {
    verdict: 'gone',
    httpStatus: 404,
    error: 'no_service: removed',
    answer: 'no_service',
    durationMs: 1,
  },
} as const satisfies Record<string, TryAnswer>;

/** A database for the file, and in it a channel for each test. */
export class DeliveryPlace {
  knex!: Knex;
  channel!: MadeChannel;
  private database!: TestDatabase;

  /** To be called once, at the top of the file. */
  static forFile(): DeliveryPlace {
    const place = new DeliveryPlace();
    beforeAll(async () => {
      place.database = await createTestDatabase();
      place.knex = connect(place.database.url, { poolSize: 10 });
    });
    afterAll(async () => {
      await place.knex.destroy();
      await place.database.drop();
    });
    beforeEach(async () => {
      place.channel = await aChannelTo(place.knex);
    });
    return place;
  }

  begin(channel = this.channel): Promise<NextTry> {
    return beginDelivery(this.knex, channel, () => null, leaseMs);
  }

  /** A try that was begun; throws when nothing was. */
  async begun(channel = this.channel): Promise<BegunTry> {
    const next = await this.begin(channel);
    if (next.state !== 'begun') throw new Error(`nothing was begun: ${next.state}`);
    return next;
  }

  end(one: BegunTry, answer: TryAnswer, pace: DeliveryPace = deliveryPace): Promise<EndedTry> {
    return endDelivery(this.knex, one, answer, pace);
  }

  /** So much later, as far as the delivery and its channel know. */
  async later(deliveryId: string, by: string): Promise<void> {
    await this.knex.raw(
      `UPDATE alert_deliveries SET due_at = due_at - interval '${by}', give_up_at = give_up_at - interval '${by}',
         next_attempt_at = next_attempt_at - interval '${by}' WHERE id = ?`,
      [deliveryId],
    );
    await this.knex.raw(
      `UPDATE alert_channels SET failing_since = failing_since - interval '${by}' WHERE id = ?`,
      [this.channel.channelId],
    );
  }
}
