// A body's memory goes back once the system has all of it, and never while a socket still reads from it.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type HttpClient, httpClient } from '../../../../connectors/http/http-client';
import { loopbackGuard } from '../../../support/outside/loopback';

const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
let server: Server;
let client: HttpClient;
const accepted: Socket[] = [];
afterEach(async () => {
  for (const socket of accepted.splice(0)) socket.destroy();
  await client.close();
  await new Promise((resolve) => server.close(resolve));
});

/** A server that answers its first bytes at once, or all of a body of `bytes`; where it answers early it reads no more. */
async function serving(bytes: number, early: boolean): Promise<string> {
  server = createServer((socket) => {
    accepted.push(socket);
    let read = 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      const before = read;
      read += chunk.length;
      if (early && before === 0) socket.pause().write(answer);
      else if (!early && before < bytes && read >= bytes) socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = httpClient({ connections: 1, guard: loopbackGuard, mostAnswerBytes: 1_000 });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const send = async (url: string, body: Buffer): Promise<number> => {
  const call = { method: 'POST', url, headers: {}, body } as const;
  return (await client.call(call, 10_000, new AbortController().signal)).status;
};

test('an answered body that was read is empty afterwards', async () => {
  const body = Buffer.alloc(300_000, 'x');
  const url = await serving(body.length, false);
  expect(await send(url, body)).toBe(200);
  client.giveBack(body);
  expect(body).toHaveLength(0);
});

test('one whose answer came before it was read stays as it is', async () => {
  // More than the buffers of both ends hold.
  const body = Buffer.alloc(64 * 1024 * 1024, 'x');
  const url = await serving(body.length, true);
  expect(await send(url, body)).toBe(200);
  client.giveBack(body);
  expect(body).toHaveLength(64 * 1024 * 1024);
});

test('a small one is left alone: its memory is others’ too', async () => {
  const body = Buffer.from('[{"id":1}]');
  const url = await serving(body.length, false);
  expect(await send(url, body)).toBe(200);
  client.giveBack(body);
  expect(body.toString()).toBe('[{"id":1}]');
});
