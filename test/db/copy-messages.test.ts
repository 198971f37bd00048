// The data of a COPY out of the socket's chunks, however they are cut, and all else back to the driver.
import { EventEmitter } from 'node:events';
import * as fc from 'fast-check';
import type { Connection } from 'pg';
import { CopyMessages } from '../../db/copy-messages';
import { randomCases } from '../support/cases';

const cases = randomCases(300);
jest.setTimeout(cases.limitMs);

function message(code: string, body: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(body);
  const header = Buffer.alloc(5);
  header.write(code, 0, 'latin1');
  header.writeInt32BE(bytes.length + 4, 1);
  return Buffer.concat([header, bytes]);
}

/** Feeds the socket's bytes; gives what the reader got and what the driver did. */
function feed(bytes: Buffer, sizes: readonly number[], onData?: (piece: Buffer) => void) {
  const cuts: Error[] = [];
  const stream = Object.assign(new EventEmitter(), { destroy: (error: Error) => void cuts.push(error) });
  const driven: Buffer[] = [];
  const driver = (chunk: Buffer): void => void driven.push(chunk);
  stream.on('data', driver);
  const data: Buffer[] = [];
  const copy = new CopyMessages('COPY …', (piece) => {
    data.push(piece);
    onData?.(piece);
  });
  const ends: (Error | null)[] = [];
  copy.callback = (error) => void ends.push(error);
  const submitted = copy.submit({ stream, query: () => undefined } as unknown as Connection);
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    // A chunk is the socket's: it is spoilt once it was read.
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    stream.emit('data', chunk);
    at += size;
  }
  return { submitted, copy, data, ends, cuts, driven: () => Buffer.concat(driven), stream, driver };
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

test('every message of data is one piece, and what follows is the driver’s', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 12 }), sizes, (pieces, cuts) => {
      const after = Buffer.concat([message('C', 'COPY 3\0'), message('Z', 'I')]);
      const bytes = Buffer.concat([
        message('H', '\0\0\0'),
        ...pieces.map((piece) => message('d', Buffer.from(piece))),
        message('c'),
        after,
      ]);
      const { data, driven, stream, driver } = feed(bytes, cuts);
      expect(data.map((piece) => [...piece])).toEqual(pieces.map((piece) => [...piece]));
      expect(driven().equals(after)).toBe(true);
      expect(stream.listeners('data')).toEqual([driver]);
    }),
    cases.options,
  );
});

test('a word between the rows leaves the rest of them to the driver, which hands them on', () => {
  const rest = Buffer.concat([message('N', 'a notice'), message('d', 'two'), message('c')]);
  const { copy, data, driven } = feed(Buffer.concat([message('H'), message('d', 'one'), rest]), [7]);
  expect(driven().equals(rest)).toBe(true);
  const memory = Buffer.from('two');
  copy.handleCopyData({ chunk: memory });
  memory.fill(0);
  expect(data.map(String)).toEqual(['one', 'two']);
});

test('what the reader throws is told at the end, once, and nothing more is read', () => {
  const broken = new Error('cannot be read');
  const bytes = Buffer.concat([
    message('H'),
    message('d', 'one'),
    message('d', 'two'),
    message('c'),
    message('Z', 'I'),
  ]);
  const { copy, data, ends } = feed(bytes, [1000], () => {
    throw broken;
  });
  expect(data.map(String)).toEqual(['one']);
  copy.handleReadyForQuery();
  expect(ends).toEqual([broken]);
});

test.each([3, 0, -1])('a message of %i bytes, which cannot be, cuts the connection', (length) => {
  const broken = message('d', 'two');
  broken.writeInt32BE(length, 1);
  const { data, ends, cuts, copy } = feed(Buffer.concat([message('H'), message('d', 'one'), broken]), [1000]);
  expect(data.map(String)).toEqual(['one']);
  expect(cuts).toEqual([expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' })]);
  // As the driver does once its socket has ended with an error.
  copy.handleError(cuts[0]!);
  expect(ends).toEqual(cuts);
});

test('a connection that somebody else reads is refused', () => {
  const stream = new EventEmitter();
  stream.on('data', () => undefined);
  stream.on('data', () => undefined);
  const copy = new CopyMessages('COPY …', () => undefined);
  expect(copy.submit({ stream } as unknown as Connection)).toBeInstanceOf(Error);
  expect(stream.listeners('data')).toHaveLength(2);
});
