// The short form of what becomes of runs when our own programs are killed or stopped, the source moves and a key expires.
// `npm run test:chaos` has the long one.
import { apiKills } from './scenarios/api-kills';
import { expiredKey } from './scenarios/expired-key';
import { laneKills } from './scenarios/lane-kills';
import { movingSource } from './scenarios/moving-source';
import { replacedWorkers } from './scenarios/replaced-workers';
import { ShortForm } from './short-form';
import { triggerStorm } from './scenarios/trigger-storm';
import { workerKills } from './scenarios/worker-kills';

const chaos = new ShortForm();

// A dead worker is noticed after its heartbeat timeout; runs without a workflow after ten seconds.
jest.setTimeout(300_000);

beforeAll(() => chaos.open());
afterAll(() => chaos.close());

test('a worker killed in the middle of writes costs no row and no second effect', async () => {
  await chaos.holds(workerKills);
});

test('a worker told to stop in the middle of writes hands them over and ends in order', async () => {
  await chaos.holds(replacedWorkers);
});

test('a worker killed while its lanes write to PostgreSQL applies no row twice', async () => {
  await chaos.holds(laneKills);
});

test('every trigger the API has accepted is one run, also when the API is killed', async () => {
  await chaos.holds(apiKills);
});

test('triggers at once become runs one after another, in order', async () => {
  await chaos.holds(triggerStorm);
});

test('a model is read as of one moment, however its tables move', async () => {
  await chaos.holds(movingSource);
});

test('a destination that takes its key back stops the run at once', async () => {
  await chaos.holds(expiredKey);
});

test('no history carries a row', async () => {
  await chaos.carriesNoRows();
});
