// The keys in the database: who has one, what it says, and that finding and removing them reads no more than that.
import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { Client } from 'pg';
import { planOf, readsWhole, sentBy } from '../../../bench/data/plans';
import { connect } from '../../../db/connect';
import { keepAnswer, removeOldKeys, takeKey } from '../../../db/idempotency/idempotency-store';
import { SealBrokenError } from '../../../db/seal';
import { aWorkspace, testSecretKey } from '../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let workspaceId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
  workspaceId = (await aWorkspace(knex)).id;
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
const request = (key: string, says = 'this') => ({ workspaceId, id: hash(key), requestHash: hash(says) });
const answer = { status: 201, headers: { Location: '/there' }, body: '{"id":"x"}' };

test('one transaction has a key until it ends; others are told at once', async () => {
  const [one, other] = [await knex.transaction(), await knex.transaction()];
  expect(await takeKey(one, testSecretKey, request('a'))).toEqual({ is: 'free' });
  expect(await takeKey(other, testSecretKey, request('a'))).toEqual({ is: 'in_flight' });
  expect(await takeKey(other, testSecretKey, request('b'))).toEqual({ is: 'free' });
  await one.rollback();
  expect(await takeKey(other, testSecretKey, request('a'))).toEqual({ is: 'free' });
  await other.rollback();
});

test('an answer is there when its transaction is committed, and only then', async () => {
  await knex
    .transaction(async (trx) => {
      await takeKey(trx, testSecretKey, request('c'));
      await keepAnswer(trx, testSecretKey, request('c'), answer);
      await trx.rollback();
    })
    .catch(() => undefined);
  await knex.transaction(async (trx) => {
    expect(await takeKey(trx, testSecretKey, request('c'))).toEqual({ is: 'free' });
    await keepAnswer(trx, testSecretKey, request('c'), answer);
  });
  await knex.transaction(async (trx) => {
    expect(await takeKey(trx, testSecretKey, request('c'))).toEqual({ is: 'answered', answer });
    expect(await takeKey(trx, testSecretKey, request('c', 'that'))).toEqual({ is: 'reused' });
  });
});

test('an answer opens in its own workspace, under its own key and with its own secret key', async () => {
  await knex.transaction((trx) => keepAnswer(trx, testSecretKey, request('d'), answer));
  const stranger = (await aWorkspace(knex)).id;
  await knex.transaction(async (trx) => {
    expect(await takeKey(trx, testSecretKey, { ...request('d'), workspaceId: stranger })).toEqual({
      is: 'free',
    });
    await trx('idempotency_keys')
      .where({ id: hash('d') })
      .update({ workspace_id: stranger });
    const moved = takeKey(trx, testSecretKey, { ...request('d'), workspaceId: stranger });
    await expect(moved).rejects.toThrow(SealBrokenError);
    await expect(
      takeKey(trx, Buffer.alloc(32, 1), { ...request('d'), workspaceId: stranger }),
    ).rejects.toThrow(/another SECRET_KEY/);
  });
});

test('two that kept an answer for one key, whatever brought them there, are one too many', async () => {
  await knex.transaction((trx) => keepAnswer(trx, testSecretKey, request('e'), answer));
  const second = knex.transaction((trx) => keepAnswer(trx, testSecretKey, request('e'), answer));
  await expect(second).rejects.toThrow(/two requests at once/);
});

test('among many keys one is found, and the old ones are removed, by an index', async () => {
  await knex.raw(
    `INSERT INTO idempotency_keys (id, workspace_id, request_hash, answer_sealed, created_at)
     SELECT sha256(n::text::bytea), ?, sha256('x'), repeat('answer', 50)::bytea, now() - n * interval '10 seconds'
     FROM generate_series(1, 20000) n`,
    [workspaceId],
  );
  await knex.raw('ANALYZE idempotency_keys');
  const explainer = new Client({ connectionString: database.url });
  await explainer.connect();
  const work = async (): Promise<void> => {
    await knex.transaction((trx) => takeKey(trx, testSecretKey, request('f')));
    await removeOldKeys(knex, 100);
  };
  const plans = [];
  for (const statement of await sentBy(knex, work)) plans.push(...(await planOf(explainer, statement)));
  await explainer.end();
  expect(plans.filter(readsWhole)).toEqual([]);
  for (const index of ['idempotency_keys_pkey', 'idempotency_keys_by_age'])
    expect(plans).toContainEqual(expect.objectContaining({ 'Index Name': index }));
});
