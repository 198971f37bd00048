// The short form of what becomes of runs when the clocks of our programs are wrong. `npm run test:chaos D12` has the long one.
import { ShortForm } from './short-form';
import { wrongClocks } from './scenarios/wrong-clocks';

const chaos = new ShortForm();

// Slots come every ten seconds, and what was done in Temporal is noticed within half a minute.
jest.setTimeout(300_000);

beforeAll(() => chaos.open({ workers: 2 }));
afterAll(() => chaos.close());

test('clocks an hour wrong, both ways and stepping, delay nothing, end nothing and put no time out of order', async () => {
  await chaos.holds(wrongClocks);
});
