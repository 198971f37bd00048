import fs from 'node:fs';
import path from 'node:path';
import { RunningCrm, contact, statuses } from './running-crm';

let running: RunningCrm;

beforeEach(async () => {
  running = await RunningCrm.start();
});

afterEach(() => running.end());

describe('the ledger', () => {
  test('has every call with its key, row ids and outcomes', async () => {
    await running.upsert([contact('usr_1'), contact('usr_2', { LastName: null })], {
      'idempotency-key': 'run_a/1/0-1',
    });
    await running.remove(['usr_1']);
    expect(await running.ledger()).toMatchObject([
      {
        n: 1,
        operation: 'upsert',
        http_status: 200,
        idempotency_key: 'run_a/1/0-1',
        row_ids: ['usr_1', 'usr_2'],
        outcomes: ['created', 'failed'],
      },
      { n: 2, operation: 'delete', idempotency_key: null, row_ids: ['usr_1'], outcomes: ['deleted'] },
    ]);
  });

  test('has refused calls too, with no rows', async () => {
    await running.behave({ rate_limit: { per_second: 0 } });
    const answer = await running.upsert([contact('usr_1')]);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '1']);
    expect(await running.ledger()).toMatchObject([{ http_status: 429, row_ids: [], outcomes: [] }]);
  });

  test('of a call repeated under its key has one effect and two answers that are the same', async () => {
    const key = { 'idempotency-key': 'run_a/1/0-0' };
    const first = await running.upsert([contact('usr_1')], key);
    const second = await running.upsert([contact('usr_1')], key);
    expect(second.body).toEqual(first.body);
    expect(await running.stats()).toMatchObject({ created: 1, updated: 0, calls: 2 });
    expect(await running.ledger()).toMatchObject([
      { replay_of: null, outcomes: ['created'] },
      { replay_of: 1, outcomes: [] },
    ]);
  });

  test('refuses another call under a key that was used', async () => {
    const key = { 'idempotency-key': 'run_a/1/0-0' };
    await running.upsert([contact('usr_1')], key);
    expect((await running.upsert([contact('usr_2')], key)).status).toBe(422);
    expect((await running.stats()).contacts).toBe(1);
  });
});

describe('the data on disk', () => {
  test('gives the same contacts, totals and ledger after a restart', async () => {
    await running.upsert([contact('usr_1'), contact('usr_2'), contact('usr_3', { LastName: null })], {
      'idempotency-key': 'k',
    });
    await running.upsert([contact('usr_2', { Plan__c: 'team' })]);
    await running.remove(['usr_1']);
    const look = async () => [
      await running.stats(),
      (await running.get('/api/contacts')).body,
      await running.ledger(),
    ];
    const before = await look();
    await running.restart();
    expect(await look()).toEqual(before);
  });

  test('loses only the call whose line was cut off', async () => {
    await running.upsert([contact('usr_1')]);
    await running.upsert([contact('usr_2')]);
    const file = path.join(running.dataDir, 'calls.ndjson');
    await running.restart(() => fs.truncateSync(file, fs.statSync(file).size - 10));
    expect(await running.stats()).toMatchObject({ contacts: 1, calls: 1 });
    expect(statuses(await running.upsert([contact('usr_2')]))).toEqual(['created']);
    await running.restart();
    expect((await running.stats()).contacts).toBe(2);
  });
});
