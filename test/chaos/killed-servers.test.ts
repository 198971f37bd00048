// The short form of what becomes of runs when PostgreSQL and Temporal die or freeze. `npm run test:chaos` has the long one.
import { deliveryKills } from './scenarios/delivery-kills';
import { incidentKills } from './scenarios/incident-kills';
import { missedSlots } from './scenarios/missed-slots';
import { postgresKills } from './scenarios/postgres-kills';
import { postgresTrouble } from './scenarios/postgres-trouble';
import { randomKills } from './scenarios/random-kills';
import { ShortForm } from './short-form';
import { temporalOutage } from './scenarios/temporal-outage';

const chaos = new ShortForm();

// Waits grow with every outage, and runs without a workflow are looked for after ten seconds.
jest.setTimeout(300_000);

beforeAll(() => chaos.open());
afterAll(() => chaos.close());

test('a killed PostgreSQL loses nothing that was acknowledged, and the API says 503 meanwhile', async () => {
  await chaos.holds(postgresKills);
});

test('a PostgreSQL that is frozen, crowded or full fails no run', async () => {
  await chaos.holds(postgresTrouble);
});

test('triggers and a cancel outlive an outage of Temporal', async () => {
  await chaos.holds(temporalOutage);
});

test('runs end truly when everything is killed in turn', async () => {
  await chaos.holds(randomKills);
});

test('slots that Temporal comes to too late are counted as missed, and no other is', async () => {
  await chaos.holds(missedSlots);
});

test('every message reaches its channel, whichever step of its delivery is killed', async () => {
  await chaos.holds(deliveryKills);
});

test('every run that fails is heard of, whatever is killed between its end and the channel', async () => {
  await chaos.holds(incidentKills);
});

test('no history carries a row', async () => {
  await chaos.carriesNoRows();
});
