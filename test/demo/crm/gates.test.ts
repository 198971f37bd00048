import { RunningCrm, contact, statuses } from './running-crm';

let running: RunningCrm;

beforeEach(async () => {
  running = await RunningCrm.start();
});

afterEach(() => running.end());

describe('the API key', () => {
  test('is asked for on every way to write and to administrate', async () => {
    for (const at of ['/api/contacts/batch', '/api/contacts/delete', '/admin/behaviour', '/admin/clear']) {
      expect(
        (await running.call('POST', at, { records: [] }, { authorization: 'Bearer other' })).status,
      ).toBe(401);
    }
    expect((await running.call('GET', '/admin/ledger', undefined, { authorization: '' })).status).toBe(401);
  });

  test('once expired is answered with "session expired" until it lives again', async () => {
    await running.behave({ expire_key: true });
    const answer = await running.upsert([contact('usr_1')]);
    expect([answer.status, answer.body]).toEqual([401, { error: 'session expired' }]);
    await running.behave({ expire_key: false });
    expect(statuses(await running.upsert([contact('usr_1')]))).toEqual(['created']);
  });

  test('is asked for before the method, and a HEAD with it tells that there is access', async () => {
    const at = '/api/contacts/batch';
    expect((await running.call('GET', at, undefined, { authorization: '' })).status).toBe(401);
    expect((await running.call('GET', at)).status).toBe(405);
    expect((await running.call('HEAD', at)).status).toBe(204);
    await running.behave({ expire_key: true });
    expect((await running.call('HEAD', at)).status).toBe(401);
  });
});

describe('a CRM that is told to misbehave', () => {
  test('keeps silent before it stores anything, and a caller that hung up gets nothing stored', async () => {
    await running.behave({ hang: true });
    const silent = running.upsert([contact('usr_1')], {}, 100);
    await expect(silent).rejects.toThrow(/timeout/);
    // The server hears of it a moment later than the caller.
    while (running.crm.behaviour.waitingCalls > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await running.behave({ hang: false });
    expect((await running.stats()).contacts).toBe(0);
  });

  test('goes on with the calls that waited when the silence ends', async () => {
    await running.behave({ hang: true });
    const waiting = running.upsert([contact('usr_1')]);
    while (running.crm.behaviour.waitingCalls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await running.stats()).contacts).toBe(0);
    await running.behave({ hang: false });
    expect(statuses(await waiting)).toEqual(['created']);
  });

  test('stops at once although calls hang', async () => {
    await running.behave({ hang: true });
    const waiting = running.upsert([contact('usr_1')]);
    while (running.crm.behaviour.waitingCalls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([expect(waiting).rejects.toThrow(), running.restart()]);
    expect((await running.stats()).contacts).toBe(0);
  });

  test('stores and then keeps silent, so that the caller cannot know', async () => {
    await running.behave({ hang: 'after_write' });
    const silent = running.upsert([contact('usr_1')], {}, 500);
    await expect(silent).rejects.toThrow(/timeout/);
    expect((await running.stats()).contacts).toBe(1);
  });

  test('refuses a behaviour it does not know', async () => {
    const answer = await running.behave({ explode: true });
    expect([answer.status, answer.body]).toEqual([400, { error: 'explode is not a known behaviour' }]);
  });
});
