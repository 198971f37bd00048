// What a lane does with a batch when its run is stopped: unsent where nothing was sent, settled where something was.
import type { Destination } from '../../../../connectors/destination';
import { CallWithheld } from '../../../../connectors/call-withheld';
import { answerJson, type HttpStub, httpStub } from '../../../support/outside/http-stub';
import { aBatch } from '../../outgoing-batch';
import { never, openDestination, someRows, target } from './http-fixture';

let stub: HttpStub;
let destination: Destination;
let stop: AbortController;

beforeEach(async () => {
  stub = await httpStub((_call, response) => answerJson(response, 200, {}));
  stop = new AbortController();
});
afterEach(async () => {
  await destination.close();
  await stub.close();
});

const reason = new Error('cancelled by the test');
const ten = () => aBatch(someRows(10));
const openLane = (config = {}) => {
  destination = openDestination(stub.url, config);
  return destination.openLane(target, stop.signal);
};
const withheld = expect.objectContaining({ name: 'CallWithheld', cause: reason });

test('a batch that waits for its turn is not sent, and says so', async () => {
  const lane = await openLane({ requests_per_second: 0.1 });
  await lane.write(ten(), never);
  const waiting = lane.write(ten(), never);
  setTimeout(() => stop.abort(reason), 50);
  await expect(waiting).rejects.toEqual(withheld);
  await expect(waiting).rejects.toBeInstanceOf(CallWithheld);
  expect(stub.calls).toHaveLength(1);
});

test('a batch that waits for a slot is not sent, and the one that holds it gets its answer', async () => {
  let answer = (): void => undefined;
  stub.respond((_call, response) => {
    answer = () => answerJson(response, 200, {});
    setTimeout(() => stop.abort(reason), 50);
  });
  const lane = await openLane({ concurrency: 1 });
  const open = lane.write(ten(), never);
  const waiting = destination.openLane(target, stop.signal).then((other) => other.write(ten(), never));
  await expect(waiting).rejects.toEqual(withheld);
  answer();
  expect([...(await open).outcomes]).toEqual(Array(10).fill(1));
  expect(stub.calls).toHaveLength(1);
});

test('a lane that failed gives its slot to nobody before it is closed', async () => {
  stub.respond((_call, response) => answerJson(response, 404, {}));
  const lane = await openLane({ concurrency: 1 });
  const failing = lane.write(ten(), never);
  const other = await destination.openLane(target, stop.signal);
  const waiting = other.write(ten(), never);
  await expect(failing).rejects.toMatchObject({ failure: { code: 'destination_misconfigured' } });
  stop.abort(reason);
  await lane.close();
  await expect(waiting).rejects.toEqual(withheld);
  expect(stub.calls).toHaveLength(1);
});

test('a stopped lane sends nothing more', async () => {
  const lane = await openLane();
  stop.abort(reason);
  await expect(lane.write(ten(), never)).rejects.toEqual(withheld);
  expect(stub.calls).toHaveLength(0);
});

test('a batch that was turned away and waits to try again is not sent either', async () => {
  stub.respond((_call, response) => {
    answerJson(response, 429, {}, { 'retry-after': '9' });
    response.on('finish', () => setTimeout(() => stop.abort(reason), 50));
  });
  const lane = await openLane();
  await expect(lane.write(ten(), never)).rejects.toEqual(withheld);
  expect(stub.calls).toHaveLength(1);
});

test('a call that is open when the stop comes gets its answer', async () => {
  stub.respond((_call, response) => {
    stop.abort(reason);
    setTimeout(() => answerJson(response, 200, {}), 50);
  });
  const lane = await openLane();
  expect([...(await lane.write(ten(), never)).outcomes]).toEqual(Array(10).fill(1));
});

test('a batch of which a part was refused is halved to its end, so that every row has its answer', async () => {
  stub.respond((call, response) => {
    stop.abort(reason);
    answerJson(response, call.body.includes('bad') ? 422 : 200, {});
  });
  const lane = await openLane();
  const { refusals } = await lane.write(aBatch(someRows(4, [2])), never);
  expect(refusals.map(({ row }) => row)).toEqual([2]);
});

test('a call that had no clear answer is tried again after the stop, and ends with its own signal', async () => {
  const calls = new AbortController();
  stub.respond((_call, response) => {
    stop.abort(reason);
    response.on('close', () => setTimeout(() => calls.abort(reason), 50));
    response.destroy();
  });
  const lane = await openLane();
  await expect(lane.write(ten(), calls.signal)).rejects.toBe(reason);
});
