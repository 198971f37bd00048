// Owns what every kind of alert channel is held to, against a server that can do anything: verdicts, limits of time and size,
// no redirect, no secret in what is kept.
import type http from 'node:http';
import { ChannelUnreadableError, type AlertChannel } from '../../../connectors/alert-channel';
import type { AddressGuard } from '../../../connectors/address-guard';
import { openAlertChannel } from '../../../connectors/registry';
import { aMessage } from '../../factories/a-message';
import { httpStub, type HttpStub } from '../../support/outside/http-stub';
import { loopbackGuard } from '../../support/outside/loopback';

export interface ChannelKind {
  readonly kind: string;
  /** Secrets of a channel at the server's address. */
  secretsAt(url: string): Record<string, unknown>;
  /** Texts of these secrets that nobody may read. */
  readonly canaries: readonly string[];
  /** An answer that accepts a message. */
  accept(response: http.ServerResponse): void;
  /** Answers that say that no message will ever be taken again. */
  readonly gone: readonly (readonly [number, string])[];
}

export const never = new AbortController().signal;

/** The same response, whose end is kept back although more was announced. */
function withoutEnd(response: http.ServerResponse): http.ServerResponse {
  const endless = {
    writeHead: (status: number) => {
      response.writeHead(status === 204 ? 202 : status, { 'content-length': '1000' });
      response.flushHeaders();
      return endless;
    },
    end: (text?: string) => void (text && response.write(text)),
  };
  return endless as unknown as http.ServerResponse;
}

/** Runs the suite on one kind. */
export function channelContract(kind: ChannelKind): void {
  let stub: HttpStub;
  let opened: AlertChannel[];

  beforeEach(async () => {
    opened = [];
    stub = await httpStub((_call, response) => kind.accept(response));
  });
  afterEach(async () => {
    await Promise.all(opened.map((channel) => channel.close()));
    await stub.close();
  });

  function open(guard: AddressGuard = loopbackGuard): AlertChannel {
    const channel = openAlertChannel(
      { kind: kind.kind, config: {}, secrets: kind.secretsAt(stub.url) },
      guard,
    );
    opened.push(channel);
    return channel;
  }

  const answerWith = (status: number, text: string, headers: http.OutgoingHttpHeaders = {}): void =>
    stub.respond((_call, response) => response.writeHead(status, headers).end(text));

  test('a message that is taken is accepted, with what was answered and how long it took', async () => {
    const answer = await open().deliver(aMessage(), never);
    expect(answer).toMatchObject({ verdict: 'accepted', error: null });
    expect(answer.httpStatus).toBeGreaterThanOrEqual(200);
    expect(answer.durationMs).toBeGreaterThanOrEqual(0);
    expect(stub.calls).toHaveLength(1);
    expect(stub.calls[0]).toMatchObject({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
  });

  test('one message after another goes over one channel', async () => {
    const channel = open();
    const verdicts = [];
    for (let sent = 0; sent < 3; sent += 1) verdicts.push((await channel.deliver(aMessage(), never)).verdict);
    expect(verdicts).toEqual(['accepted', 'accepted', 'accepted']);
  });

  test.each([500, 502, 503, 408, 425, 401])('HTTP %i is trouble, and says so', async (status) => {
    answerWith(status, 'try later');
    expect(await open().deliver(aMessage(), never)).toMatchObject({
      verdict: 'trouble',
      httpStatus: status,
      error: `HTTP ${status}`,
      answer: 'try later',
    });
  });

  test.each<[http.OutgoingHttpHeaders, number | undefined]>([
    [{ 'retry-after': '30' }, 30_000],
    [{ 'retry-after': '1000000000' }, 3_600_000],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:01:30 GMT', date: 'Mon, 23 Nov 2026 12:00:00 GMT' }, 90_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{}, undefined],
  ])('429 with %j is waited for', async (headers, retryAfterMs) => {
    answerWith(429, '', headers);
    const answer = await open().deliver(aMessage(), never);
    expect(answer).toMatchObject({ verdict: 'trouble', httpStatus: 429 });
    expect(answer.retryAfterMs).toBe(retryAfterMs);
  });

  test.each([301, 302, 303, 307, 308])('a redirect (%i) leads nowhere', async (status) => {
    const elsewhere = await httpStub((_call, response) => kind.accept(response));
    try {
      answerWith(status, '', { location: elsewhere.url });
      expect(await open().deliver(aMessage(), never)).toMatchObject({
        verdict: 'trouble',
        error: `HTTP ${status} (redirects are not followed)`,
      });
      expect(elsewhere.calls).toHaveLength(0);
    } finally {
      await elsewhere.close();
    }
  });

  test.each(kind.gone)('HTTP %i %s ends the channel', async (status, text) => {
    answerWith(status, text);
    expect(await open().deliver(aMessage(), never)).toMatchObject({ verdict: 'gone', httpStatus: status });
  });

  test('a server that is not there is trouble', async () => {
    const channel = open();
    await stub.close();
    expect(await channel.deliver(aMessage(), never)).toMatchObject({
      verdict: 'trouble',
      httpStatus: null,
      error: 'connection refused',
      answer: null,
    });
    stub = await httpStub((_call, response) => kind.accept(response));
  });

  test('a connection that is cut is trouble', async () => {
    stub.respond((_call, response) => response.destroy());
    expect(await open().deliver(aMessage(), never)).toMatchObject({
      verdict: 'trouble',
      error: 'connection lost',
    });
  });

  test('a server that says nothing is given up in ten seconds, and so is one that drips', async () => {
    const drips: NodeJS.Timeout[] = [];
    let isDripping = false;
    stub.respond((_call, response) => {
      if (!isDripping) return;
      response.writeHead(500);
      drips.push(setInterval(() => response.write('.'), 100));
    });
    const silent = open().deliver(aMessage(), never);
    await new Promise((resolve) => setTimeout(resolve, 300));
    isDripping = true;
    const answers = await Promise.all([silent, open().deliver(aMessage(), never)]);
    for (const drip of drips) clearInterval(drip);
    // What a status says is known, however long its answer goes on.
    expect(answers).toMatchObject([
      { verdict: 'trouble', httpStatus: null, error: 'timeout' },
      { verdict: 'trouble', httpStatus: 500, error: 'HTTP 500' },
    ]);
    for (const { durationMs } of answers) expect(durationMs).toBeLessThan(11_000);
  });

  test('a message that was taken stays so, when its answer never ends and when it is cut', async () => {
    let isCut = false;
    stub.respond((_call, response) => {
      kind.accept(withoutEnd(response));
      if (isCut) setTimeout(() => response.destroy(), 100);
    });
    const endless = open().deliver(aMessage(), never);
    await new Promise((resolve) => setTimeout(resolve, 300));
    isCut = true;
    expect(await Promise.all([endless, open().deliver(aMessage(), never)])).toMatchObject([
      { verdict: 'accepted', error: null },
      { verdict: 'accepted', error: null },
    ]);
  });

  test('of a long answer the beginning is kept, 2 kB, and the rest is not read', async () => {
    let written = 0;
    stub.respond((_call, response) => {
      response.writeHead(503);
      const more = (): void => {
        while (written < 50_000_000 && !response.destroyed) {
          written += 65_536;
          if (!response.write(Buffer.alloc(65_536, 'ä'))) return void response.once('drain', more);
        }
      };
      more();
    });
    const answer = await open().deliver(aMessage(), never);
    expect(answer).toMatchObject({ verdict: 'trouble', httpStatus: 503 });
    const kept = answer.answer ?? '';
    expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(2_000);
    expect(Buffer.byteLength(kept)).toBeGreaterThan(1_900);
    expect(kept).toMatch(/^ä+$/);
    expect(written).toBeLessThan(50_000_000);
  });

  test('an answer that repeats what it was sent shows no secret', async () => {
    stub.respond((call, response) =>
      response.writeHead(500).end(`${call.path} ${JSON.stringify(call.headers)} ${kind.canaries.join(' ')}`),
    );
    const answer = await open().deliver(aMessage(), never);
    for (const canary of kind.canaries) expect(JSON.stringify(answer)).not.toContain(canary);
    expect(answer.answer).toContain('[secret]');
  });

  test('a stop ends the call at once, with its reason', async () => {
    stub.respond(() => undefined);
    const stopping = new AbortController();
    const delivering = open().deliver(aMessage(), stopping.signal);
    setTimeout(() => stopping.abort(new Error('stopped')), 100);
    await expect(delivering).rejects.toThrow('stopped');
  });

  test('what was stored by another build is told without its content', () => {
    const secrets = { url: 'no address', anything: kind.canaries[0] };
    const opening = (): AlertChannel =>
      openAlertChannel({ kind: kind.kind, config: {}, secrets }, loopbackGuard);
    expect(opening).toThrow(ChannelUnreadableError);
    expect(opening).not.toThrow(kind.canaries[0]);
  });
}
