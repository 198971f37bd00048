// Groups of row errors: told while they are written, stored when a run closes, gone with its row errors.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { ackBatches } from '../../../db/ledger/batch-ledger';
import {
  countGroups,
  groupHash,
  groupIdIn,
  GroupTeller,
  storedGroups,
} from '../../../db/ledger/row-error-groups';
import { closeAsInternal, closeRun } from '../../../db/runs/close-run';
import { beginRemovals } from '../../../db/runs/begin-removals';
import { continueRemovals } from '../../../db/runs/continue-removals';
import type { Fence } from '../../../db/runs/lease';
import { messagePattern } from '../../../domain/message-pattern';
import type { RowErrorOperation } from '../../../domain/row-error';
import { rowOutcome } from '../../../domain/row-outcome';
import { aPlannedRun, acknowledge, send } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const refused = (rowNo: number, message: string, operation: RowErrorOperation = 'create') => ({
  rowNo,
  rowId: `u${rowNo}`,
  field: 'email',
  message,
  rawValue: null,
  code: 'rejected',
  origin: 'destination' as const,
  operation,
});

/** A run of two batches of ten; of the first nothing was accepted. */
async function aRefusedRun(): Promise<Fence> {
  const fence = await aPlannedRun(knex, { batches: 2 });
  await send(knex, fence, 1);
  const messages = ['"a" is wrong', '"b" is wrong', 'Wrong \0 altogether', '"c" is wrong'];
  const rowErrors = Array.from({ length: 10 }, (_, n) =>
    refused(n, messages[n % 4] ?? '', n < 3 ? 'update' : 'create'),
  );
  await ackBatches(knex, fence, [
    { batchNo: 1, outcomes: Buffer.alloc(10, rowOutcome.failed), rowErrors, callMs: [] },
  ]);
  await send(knex, fence, 2);
  await acknowledge(knex, fence, 2, rowOutcome.created);
  return fence;
}

const wrong = {
  field: 'email',
  code: 'rejected',
  origin: 'destination',
  message: '"<value>" is wrong',
} as const;

test('groups are counted while a run goes on, and stored the same when it closes', async () => {
  const { runId } = await aRefusedRun();
  expect(await storedGroups(knex, runId)).toBeNull();
  const counted = await countGroups(knex, runId);
  expect(counted).toEqual({
    rest: 0,
    groups: [
      {
        ...wrong,
        id: groupIdIn(runId, groupHash(wrong)),
        hash: groupHash(wrong),
        rows: 8,
        creates: 6,
        updates: 2,
        deletes: 0,
        blocks: 'none',
      },
      expect.objectContaining({ message: 'Wrong \ufffd altogether', rows: 2, creates: 1, updates: 1 }),
    ],
  });
  await closeRun(knex, runId, { kind: 'finished', failure: null });
  expect(await storedGroups(knex, runId)).toEqual(counted);
});

test('a run that had to be closed as internal has its groups too', async () => {
  const { runId } = await aRefusedRun();
  await closeAsInternal(knex, runId, 'a bug');
  expect((await storedGroups(knex, runId))?.groups).toHaveLength(2);
});

test('groups go with the row errors they are of', async () => {
  const { runId } = await aRefusedRun();
  await closeRun(knex, runId, { kind: 'finished', failure: null });
  await knex('runs')
    .where({ id: runId })
    .update({ queued_at: '2020-01-01', started_at: '2020-01-01', completed_at: '2020-01-01' });
  expect(await beginRemovals(knex, 'row_errors', 100)).toEqual([runId]);
  expect(await continueRemovals(knex)).toMatchObject({ ended: { row_errors: 1 }, rows: 12 });
  expect(await storedGroups(knex, runId)).toBeNull();
});

test('a group has one id in a run, however its messages differ, and one hash in all', () => {
  const teller = new GroupTeller('run_1');
  const ids = Array.from({ length: 30_000 }, (_, n) => teller.groupIdOf(refused(n, `"${n}" is wrong`)));
  expect(new Set(ids)).toEqual(new Set([groupIdIn('run_1', groupHash(wrong))]));
  expect(groupIdIn('run_2', groupHash(wrong))).not.toBe(ids[0]);
  const others = [
    { field: 'x' },
    { field: null },
    { code: 'x' },
    { origin: 'source' as const },
    { message: 'x' },
  ];
  const hashes = [wrong, ...others.map((other) => ({ ...wrong, ...other }))].map(groupHash);
  expect(new Set(hashes).size).toBe(6);
  expect(hashes.every((hash) => Number.isSafeInteger(hash) && hash >= 0)).toBe(true);
});

test('of a message that is longer than a pattern the stored beginning gives the same group', async () => {
  const fence = await aPlannedRun(knex, { batches: 1 });
  await send(knex, fence, 1);
  const message = `😀 "é" ${'word '.repeat(1_000)}`;
  const rowErrors = Array.from({ length: 10 }, (_, n) => refused(n, message + n));
  await ackBatches(knex, fence, [
    { batchNo: 1, outcomes: Buffer.alloc(10, rowOutcome.failed), rowErrors, callMs: [] },
  ]);
  const { groups } = await countGroups(knex, fence.runId);
  const hash = groupHash({ ...wrong, message: messagePattern(message) });
  expect(groups).toMatchObject([{ hash, id: groupIdIn(fence.runId, hash), rows: 10 }]);
});
