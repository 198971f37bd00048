// Which types of model columns a column of a PostgreSQL table takes: the rules, and that PostgreSQL sees it as they do.
import { Client } from 'pg';
import { typeFit } from '../../domain/type-fit';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

test.each([
  ['text', 'integer', 'sometimes'],
  ['character varying(20)', 'boolean', 'sometimes'],
  ['timestamp with time zone', 'boolean', 'never'],
  ['timestamp(3) without time zone', 'date', 'always'],
  ['date', 'timestamp with time zone', 'always'],
  ['boolean', 'integer', 'never'],
  ['boolean', 'text', 'always'],
  ['bigint', 'smallint', 'always'],
  ['integer', 'numeric(10,2)', 'always'],
  ['numeric(10,2)', 'integer', 'sometimes'],
  ['text', 'character varying(3)', 'always'],
  ['text[]', 'jsonb', 'sometimes'],
  ['text[]', 'integer[]', 'always'],
  ['uuid', 'bigint', 'never'],
  ['mood', 'integer', 'always'],
  ['text', 'mood', 'always'],
])('%s into %s fits %s', (column, field, fit) => {
  expect(typeFit(column, field)).toBe(fit);
});

describe('in PostgreSQL', () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await createEmptyDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  // Common values of each type, as a COPY writes them.
  const values: Record<string, string[]> = {
    text: ['word', ''],
    integer: ['1', '-20', '20250115'],
    numeric: ['1.50', '0.5', 'NaN'],
    boolean: ['t', 'f'],
    date: ['2025-01-15'],
    'time without time zone': ['07:00:00', '23:59:59.5'],
    'timestamp without time zone': ['2025-01-15 07:00:00', '1999-12-31 23:59:59.123'],
    interval: ['1 day', '01:00:00', '2 mons 3 days'],
    uuid: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '12345678-1234-1234-1234-123456789012'],
    jsonb: ['1', 'true', '"word"', '{"a": 1}', '[1]'],
    bytea: ['\\x00ff'],
    'text[]': ['{}', '{a,b}', '{1}'],
  };

  async function reads(value: string, type: string): Promise<boolean> {
    try {
      await client.query(`SELECT $1::text::${type}`, [value]);
      return true;
    } catch {
      return false;
    }
  }

  test.each(Object.keys(values))('%s fits as is said', async (column) => {
    for (const field of Object.keys(values)) {
      const taken = await Promise.all((values[column] ?? []).map((value) => reads(value, field)));
      const fit = typeFit(column, field);
      if (fit === 'never') expect([column, field, taken]).toEqual([column, field, taken.map(() => false)]);
      if (fit === 'always') expect([column, field, taken]).toEqual([column, field, taken.map(() => true)]);
    }
  });
});
