// What undici tells of one call, in the orders it can come: the call settles once, and what is ended stays ended.
import type { Dispatcher } from 'undici';
import { AnswerReader, AnswerTooLong } from '../../../connectors/http/answer-reader';

function controller(): Dispatcher.DispatchController & { aborted: boolean; reason: Error | null } {
  return {
    aborted: false,
    paused: false,
    reason: null,
    abort(reason: Error) {
      this.aborted = true;
      this.reason = reason;
    },
    pause: () => undefined,
    resume: () => undefined,
  };
}

test('an answer is what follows the last head, and early hints are none', async () => {
  const reader = new AnswerReader(100);
  const call = controller();
  reader.onRequestStart(call);
  reader.onResponseStart(call, 103, { link: '</style.css>' });
  reader.onResponseStart(call, 201, { 'x-one': '1' });
  reader.onResponseData(call, Buffer.from('zw'));
  reader.onResponseData(call, Buffer.from('ölf'));
  reader.onResponseEnd();
  await expect(reader.answer).resolves.toEqual({ status: 201, headers: { 'x-one': '1' }, text: 'zwölf' });
});

test('a call that ends while it waits for its connection settles at once, and is never sent', async () => {
  const reader = new AnswerReader(100);
  reader.end(new Error('too late'));
  await expect(reader.answer).rejects.toThrow('too late');
  const call = controller();
  reader.onRequestStart(call);
  expect(call.reason).toEqual(new Error('too late'));
});

test('an answer past the cap ends the call, and what still comes is dropped', async () => {
  const reader = new AnswerReader(3);
  const call = controller();
  reader.onRequestStart(call);
  reader.onResponseStart(call, 200, {});
  reader.onResponseData(call, Buffer.from('abc'));
  expect(call.aborted).toBe(false);
  reader.onResponseData(call, Buffer.from('d'));
  reader.onResponseEnd();
  await expect(reader.answer).rejects.toBeInstanceOf(AnswerTooLong);
  expect(call.aborted).toBe(true);
});

test('where the beginning of an answer will do, it is the answer, and the call ends', async () => {
  const reader = new AnswerReader(5, true);
  const call = controller();
  reader.onRequestStart(call);
  reader.onResponseStart(call, 200, {});
  reader.onResponseData(call, Buffer.from('abc'));
  reader.onResponseData(call, Buffer.from('def'));
  reader.onResponseData(call, Buffer.from('ghi'));
  reader.onResponseError(call, new Error('aborted'));
  await expect(reader.answer).resolves.toMatchObject({ status: 200, text: 'abcde' });
  expect(call.aborted).toBe(true);
});

test('where the beginning will do, a status is an answer when the time is over, and when the rest is lost', async () => {
  const [late, lost] = [new AnswerReader(5, true), new AnswerReader(5, true)];
  const call = controller();
  for (const reader of [late, lost]) {
    reader.onRequestStart(call);
    reader.onResponseStart(call, 202, {});
    reader.onResponseData(call, Buffer.from('ab'));
  }
  late.endLate(new Error('too late'));
  lost.onResponseError(call, new Error('other side closed'));
  const answers = await Promise.all([late.answer, lost.answer]);
  expect(answers).toMatchObject([
    { status: 202, text: 'ab' },
    { status: 202, text: 'ab' },
  ]);
  expect(call.reason).toEqual(new Error('too late'));
});

test('without a status there is no beginning, and a stop is a stop', async () => {
  const [late, stopped, whole] = [new AnswerReader(5, true), new AnswerReader(5, true), new AnswerReader(5)];
  late.endLate(new Error('too late'));
  stopped.onResponseStart(controller(), 202, {});
  stopped.end(new Error('stopped'));
  stopped.onResponseError(controller(), new Error('aborted'));
  // Nor where the whole of it is asked for.
  whole.onResponseStart(controller(), 202, {});
  whole.endLate(new Error('not whole'));
  await expect(late.answer).rejects.toThrow('too late');
  await expect(stopped.answer).rejects.toThrow('stopped');
  await expect(whole.answer).rejects.toThrow('not whole');
});

test('trouble on the way is the error of the call', async () => {
  const reader = new AnswerReader(3);
  reader.onRequestStart(controller());
  reader.onResponseError(controller(), new Error('other side closed'));
  await expect(reader.answer).rejects.toThrow('other side closed');
});
