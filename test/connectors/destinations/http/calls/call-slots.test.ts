// How many batches may have calls open at once: slots in the order of asking, and ways to leave the line.
import { CallWithheld } from '../../../../../connectors/call-withheld';
import { callSlots } from '../../../../../connectors/destinations/http/calls/call-slots';
import { never } from '../http-fixture';

const long = 60_000;

test('no more slots than there are, given in the order of asking', async () => {
  const slots = callSlots(2);
  const order: number[] = [];
  const [first, second] = [await slots.take(never, long), await slots.take(never, long)];
  const later = [2, 3, 4].map((at) =>
    slots.take(never, long).then((release) => {
      order.push(at);
      return release;
    }),
  );
  await Promise.resolve();
  expect(order).toEqual([]);
  second();
  // A slot is given back once, however often its holder says so.
  second();
  await later[0];
  expect(order).toEqual([2]);
  first();
  await later[1];
  expect(order).toEqual([2, 3]);
  (await later[0])?.();
  (await later[2])?.();
  expect(order).toEqual([2, 3, 4]);
});

test('who is stopped or has waited too long leaves the line, and nobody behind waits for him', async () => {
  const slots = callSlots(1);
  const release = await slots.take(never, long);
  const abort = new AbortController();
  const reason = new Error('cancelled by the test');
  const stopped = slots.take(abort.signal, long);
  const impatient = slots.take(never, 20);
  const patient = slots.take(never, long);
  abort.abort(reason);
  await expect(stopped).rejects.toBe(reason);
  await expect(impatient).rejects.toBeInstanceOf(CallWithheld);
  release();
  (await patient)();
  await expect(slots.take(never, long)).resolves.toBeInstanceOf(Function);
  await expect(slots.take(abort.signal, long)).rejects.toBe(reason);
});

test('slots that are held back are given out when all are opened, to those who wait and to later ones', async () => {
  const slots = callSlots(4, 1);
  const first = await slots.take(never, long);
  const given: number[] = [];
  const waiting = [0, 1].map((at) => slots.take(never, long).then(() => given.push(at)));
  await expect(slots.take(never, 20)).rejects.toBeInstanceOf(CallWithheld);
  expect(given).toEqual([]);
  slots.openAll();
  slots.openAll();
  await Promise.all(waiting);
  expect(given).toEqual([0, 1]);
  await slots.take(never, long);
  await expect(slots.take(never, 20)).rejects.toBeInstanceOf(CallWithheld);
  first();
  await expect(slots.take(never, long)).resolves.toBeInstanceOf(Function);
});

test('fewer slots than may be given out at first are all there are', async () => {
  const slots = callSlots(1, 3);
  await slots.take(never, long);
  slots.openAll();
  await expect(slots.take(never, 20)).rejects.toBeInstanceOf(CallWithheld);
});
