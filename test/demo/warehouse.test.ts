import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { type FieldFault, contactFaults } from '../../demo/crm/contact';
import { ContactBook } from '../../demo/crm/contact-book';
import { demoMapping } from '../../demo/demo-sync';
import { expectedCounts } from '../../demo/tell-story';
import { type Stage, usersOf } from '../../demo/users';
import { fillWarehouse, usersModelSql } from '../../demo/warehouse';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let client: Client;

beforeEach(async () => {
  database = await createEmptyDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await database.drop();
});

type Row = Record<string, string | null>;

async function modelRows(): Promise<Row[]> {
  // As JSON text, the only form in which a difference between two rows cannot hide.
  const { rows } = await client.query<{ row: Row }>(`select to_json(m) as row from (${usersModelSql}) m`);
  return rows.map(({ row }) => row);
}

const asContact = (row: Row) =>
  Object.fromEntries(demoMapping.map(({ column, field }) => [field, row[column] ?? null]));

describe('the two stages of the warehouse', () => {
  test('give the three runs of the story their numbers, by a plain comparison with what the CRM accepted', async () => {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'crm-'));
    const book = await ContactBook.open(dataDir);
    const accepted = new Map<string, string>();

    const run = async () => {
      const rows = await modelRows();
      const due = rows.filter((row) => accepted.get(row['id'] ?? '') !== JSON.stringify(row));
      const call = {
        operation: 'upsert',
        rows: due.map(asContact),
        idempotencyKey: null,
        bodySha256: '',
      } as const;
      const results = book.carryOut(call);
      for (const [index, result] of results.entries()) {
        if (result.status !== 'failed') accepted.set(result.external_id ?? '', JSON.stringify(due[index]));
      }
      const count = (status: string) => results.filter((result) => result.status === status).length;
      return {
        processed: rows.length,
        created: count('created'),
        updated: count('updated'),
        deleted: count('deleted'),
        failed: count('failed'),
        skipped: 0,
        unchanged: rows.length - due.length,
      };
    };

    await fillWarehouse(client, 'one');
    expect(await run()).toEqual(expectedCounts.first_run);
    await fillWarehouse(client, 'two');
    expect(await run()).toEqual(expectedCounts.second_run);
    expect(await run()).toEqual(expectedCounts.third_run);
    expect(book.stats().contacts).toBe(13_962 + 1_205);
    book.close();
    fs.rmSync(dataDir, { recursive: true });
  });

  test('have usr_123, usr_456 and usr_789 as the first refused rows of the second, for three different reasons', async () => {
    await fillWarehouse(client, 'two');
    const refused = (await modelRows()).flatMap((row) =>
      contactFaults(asContact(row)).map((fault) => [
        row['id'],
        fault.field,
        fault.message,
        rawValueOf(row, fault),
      ]),
    );
    expect(refused).toHaveLength(336);
    expect(refused.slice(0, 3)).toEqual([
      ['usr_123', 'Email', 'Invalid email format', 'not-an-email'],
      ['usr_456', 'LastName', 'Required field is null', null],
      ['usr_789', 'Description__c', 'String exceeds max length (255)', expect.stringMatching(/^.{256,}$/su)],
    ]);
    expect(new Set(refused.map(([id]) => id)).size).toBe(336);
  });

  test('have the three named users in order in the first', async () => {
    await fillWarehouse(client, 'one');
    const named = (await modelRows()).filter((row) =>
      ['usr_123', 'usr_456', 'usr_789'].includes(row['id'] ?? ''),
    );
    expect(named.flatMap((row) => contactFaults(asContact(row)))).toEqual([]);
  });

  test('are read in the order the users signed up in', async () => {
    await fillWarehouse(client, 'two');
    const ids = (await modelRows()).map((row) => row['id']);
    expect(ids).toEqual(Array.from({ length: 15_432 }, (_, index) => `usr_${index + 1}`));
  });

  test('are the same whenever they are made, also one after the other and back', async () => {
    const filled = async (stage: Stage) => {
      await fillWarehouse(client, stage);
      return modelRows();
    };
    const [one, two] = [await filled('one'), await filled('two')];
    expect(await filled('two')).toEqual(two);
    expect(await filled('one')).toEqual(one);
    expect(usersOf('two')).toEqual(usersOf('two'));
  });

  test("do not touch a users table that is somebody else's", async () => {
    await client.query(
      "create table public.users (id text primary key); insert into public.users values ('mine')",
    );
    await expect(fillWarehouse(client, 'one')).rejects.toThrow(/of its own; give the demo an empty database/);
    expect((await client.query('select id from public.users')).rows).toEqual([{ id: 'mine' }]);
  });
});

function rawValueOf(row: Row, fault: FieldFault): string | null | undefined {
  const column = demoMapping.find(({ field }) => field === fault.field)?.column;
  return column === undefined ? undefined : row[column];
}
