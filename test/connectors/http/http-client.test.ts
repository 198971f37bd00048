// Trouble of our own machine is trouble like any other, and no mistake of ours.
import { CallTrouble, httpClient } from '../../../connectors/http/http-client';
import { loopbackGuard } from '../../support/outside/loopback';

const call = { method: 'POST', url: 'http://somewhere.example/', headers: {}, body: null } as const;
const never = new AbortController().signal;

/** What a call comes to when its connection ends in such an error. */
async function troubleOf(code: string): Promise<unknown> {
  const error = Object.assign(new Error(code), { code, syscall: 'connect' });
  const guard = {
    ...loopbackGuard,
    lookup: (_host: string, _how: object, end: (e: Error, a: string) => void) => end(error, ''),
  };
  const client = httpClient({ connections: 1, guard, mostAnswerBytes: 1_000 });
  const trouble = await client.call(call, 5_000, never).catch((reason: unknown) => reason);
  await client.close();
  return trouble;
}

test.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM', 'EADDRNOTAVAIL', 'EADDRINUSE', 'EACCES', 'EPERM'])(
  '%s: no connection to be had here, for now',
  async (code) => {
    const trouble = await troubleOf(code);
    expect(trouble).toBeInstanceOf(CallTrouble);
    expect(trouble).toMatchObject({
      message: 'no connection to be had here',
      mayPass: true,
      nothingSent: true,
    });
  },
);

test('addresses that were all tried in vain are a timeout', async () => {
  expect(await troubleOf('ERR_SOCKET_CONNECTION_TIMEOUT')).toMatchObject({
    message: 'timeout',
    mayPass: true,
  });
});

test('what nobody knows is a mistake of ours', async () => {
  expect(await troubleOf('ERR_SOMETHING_NEW')).not.toBeInstanceOf(CallTrouble);
});
