// Memory that runs reserve: never more than there is, in the order of asking, given back whatever happens.
import { LineFullError, SieveMemory } from '../../../activities/memory/sieve-memory';

const never = new AbortController().signal;
const quiet = async (): Promise<void> => undefined;
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
};

test('what fits is given at once, without a word of waiting', async () => {
  const memory = new SieveMemory(100);
  const said: string[] = [];
  const say = async (): Promise<void> => void said.push('waits');
  const releases = [await memory.reserve(40, never, say), await memory.reserve(60, never, say)];
  expect(said).toEqual([]);
  for (const release of releases) release();
  // A second time it gives nothing back: otherwise this would fit twice.
  for (const release of releases) release();
  await memory.reserve(100, never, say);
  void memory.reserve(2, never, say);
  await turns();
  expect(said).toEqual(['waits']);
});

test('who asks for much is not passed by those who ask for little', async () => {
  const memory = new SieveMemory(100);
  const order: string[] = [];
  const first = await memory.reserve(60, never, quiet);
  const large = memory.reserve(80, never, quiet).then((release) => {
    order.push('large');
    return release;
  });
  const small = memory.reserve(10, never, quiet).then((release) => {
    order.push('small');
    return release;
  });
  await turns();
  expect(order).toEqual([]);
  first();
  await Promise.all([large, small]);
  expect(order).toEqual(['large', 'small']);
});

test('more than there is means all of it', async () => {
  const memory = new SieveMemory(100);
  const release = await memory.reserve(1_000, never, quiet);
  const next = memory.reserve(2, never, quiet);
  release();
  (await next)();
  await memory.reserve(1_000, never, quiet);
});

test('very little is given at once, whoever waits', async () => {
  const memory = new SieveMemory(6_400);
  await memory.reserve(6_400, never, quiet);
  void memory.reserve(101, never, quiet);
  await expect(memory.reserve(100, never, quiet)).resolves.toBeInstanceOf(Function);
});

test('who is stopped leaves the line, and those behind move up', async () => {
  const memory = new SieveMemory(100);
  const release = await memory.reserve(50, never, quiet);
  const abort = new AbortController();
  const stopped = memory.reserve(80, abort.signal, quiet);
  const behind = memory.reserve(50, never, quiet);
  const reason = new Error('cancelled by the test');
  abort.abort(reason);
  await expect(stopped).rejects.toBe(reason);
  await behind;
  release();
  await expect(memory.reserve(1, abort.signal, quiet)).rejects.toBe(reason);
});

test('who cannot say that he waits holds nothing afterwards', async () => {
  const memory = new SieveMemory(100);
  const release = await memory.reserve(100, never, quiet);
  const silenced = new Error('no database');
  await expect(memory.reserve(100, never, () => Promise.reject(silenced))).rejects.toBe(silenced);
  release();
  await turns();
  await memory.reserve(100, never, quiet);
});

test('who cannot say that he waits leaves the line at once, and those behind move up', async () => {
  const memory = new SieveMemory(100);
  const release = await memory.reserve(60, never, quiet);
  const silenced = new Error('no database');
  const stopped = memory.reserve(80, never, () => Promise.reject(silenced));
  const behind = memory.reserve(40, never, quiet);
  await expect(stopped).rejects.toBe(silenced);
  const releases = [release, await behind];
  for (const give of releases) give();
  // Nothing was lost on the way.
  await memory.reserve(100, never, quiet);
});

test('who gives back all but some keeps only those, and no more for saying it again', async () => {
  const memory = new SieveMemory(100);
  const release = await memory.reserve(100, never, quiet);
  release(30);
  const others = await memory.reserve(70, never, quiet);
  release(50);
  const last = memory.reserve(30, never, quiet);
  release();
  release(30);
  (await last)();
  others();
  await memory.reserve(100, never, quiet);
});

test('who finds the line full is told to wait and sent away, and very little is given all the same', async () => {
  const memory = new SieveMemory(6_400, 1);
  const said: string[] = [];
  const sayAs = (name: string) => async (): Promise<void> => void said.push(name);
  const release = await memory.reserve(6_400, never, sayAs('holder'));
  const first = memory.reserve(6_400, never, sayAs('in line'));
  await expect(memory.reserve(200, never, sayAs('sent away'))).rejects.toBeInstanceOf(LineFullError);
  expect(said).toEqual(['in line', 'sent away']);
  await memory.reserve(100, never, sayAs('small'));
  release();
  (await first)();
  // Who was sent away holds nothing.
  await memory.reserve(6_400, never, quiet);
});
