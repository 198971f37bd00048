import * as fc from 'fast-check';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { isSent, rowOperation, rowOutcome } from '../../domain/row-outcome';
import type { SyncMode } from '../../domain/sync';
import { createHasher } from '../../diff/hasher';
import type { Hasher } from '../../diff/hasher';
import { randomCases } from '../support/cases';
import { createEmptyDatabase } from '../support/database';
import type { TestDatabase } from '../support/database';
import { cut, deltaOf, hashOfKey, keyOfOrdinal, runDiff } from './run-diff';
import type { DiffRun } from './run-diff';

const cases = randomCases(150);
jest.setTimeout(cases.limitMs);

/** k1, k2, text, numeric, timestamptz, bytea (hex), json; all as text, null for SQL null. */
type Row = (string | null)[];

const columns = 'k1, k2, v, n, at, b, j';
const select = (table: string): string => `select ${columns} from ${table}`;

/**
 * The same diff as one full join of counted rows. json has no equality and numeric's ignores scale, so rows are
 * compared as text. A verdict per key: unchanged, skipped, sent, refused, null keys refused, vanished.
 */
const fullJoin = (mode: SyncMode): string => `
  with b as (select ${columns}, row(v, n::text, at, b, j::text)::text as body from before),
  a as (
    select k1, k2, body, count(*)::int as copies
    from (select ${columns}, row(v, n::text, at, b, j::text)::text as body from after) rows
    group by 1, 2, 3
  ),
  joined as (
    select coalesce(a.k1, b.k1) as k1, coalesce(a.k2, b.k2) as k2, b.body is not null as known, a.body is not null as seen,
      coalesce(a.body = b.body, false) as same, coalesce(a.copies, 0) as copies
    from a full join b on a.k1 = b.k1 and a.k2 = b.k2
  ),
  keys as (
    select k1, k2, bool_or(known) as known, sum(copies)::int as copies, bool_or(same) as same,
      coalesce(sum(copies) filter (where same), 0)::int as same_copies, count(*) filter (where seen) as bodies
    from joined group by 1, 2
  )
  select k1, k2,
    case when known and same and '${mode}' <> 'insert' then 1 else 0 end as unchanged,
    case when k1 is null or k2 is null then 0
      when known and '${mode}' = 'insert' then copies
      when same then same_copies - 1
      when bodies = 1 then copies - 1 else 0 end as skipped,
    case when k1 is null or k2 is null or copies = 0 or same or bodies > 1 or (known and '${mode}' = 'insert') then 'none'
      when known or '${mode}' = 'update' then 'update' else 'create' end as sent,
    case when k1 is null or k2 is null then copies
      when known and '${mode}' = 'insert' then 0
      when same then copies - same_copies
      when bodies > 1 then copies else 0 end as refused,
    known and copies = 0 as vanished
  from keys`;

const verdictColumns = 'k1, k2, unchanged, skipped, sent, refused, vanished';

let database: TestDatabase;
let client: Client;
let hasher: Hasher;

beforeAll(async () => {
  hasher = await createHasher();
  database = await createEmptyDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
  for (const table of ['before', 'after']) {
    await client.query(
      `create table ${table} (k1 text, k2 text, v text, n numeric, at timestamptz, b bytea, j json)`,
    );
  }
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

// Deleted and filled in one go; TRUNCATE would make new files for every case, and take longer than all the rest of it.
async function fill(table: string, rows: Row[]): Promise<void> {
  const byColumn = Array.from({ length: 7 }, (_, column) => rows.map((row) => row[column]));
  await client.query(
    `with gone as (delete from ${table})
     insert into ${table} select k1, k2, v, n::numeric, at::timestamptz, decode(b, 'hex'), j::json
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) r (${columns})`,
    byColumn,
  );
}

async function copyOut(query: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of client.query(copyTo(`copy (${query}) to stdout`))) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Verdicts of SQL, one COPY text line a key. Keys come out as the sieve sees them. */
async function verdictsOfSql(mode: SyncMode): Promise<string[]> {
  const bytes = await copyOut(`select ${verdictColumns} from (${fullJoin(mode)}) verdicts`);
  const lines = bytes.toString().split('\n').slice(0, -1);
  return lines.filter((line) => !line.endsWith('\t0\t0\tnone\t0\tf')).sort();
}

/** Verdicts of sieve and plan in the same form. */
function verdictsOfDiff(run: DiffRun, after: Buffer, before: Buffer): string[] {
  const keyOf = (line: string): string => line.split('\t', 2).join('\t');
  const verdicts = new Map<
    string,
    { unchanged: number; skipped: number; sent: string; refused: number; copies: number; vanished: boolean }
  >();
  const of = (key: string) => {
    const found = verdicts.get(key) ?? {
      unchanged: 0,
      skipped: 0,
      sent: 'none',
      refused: 0,
      copies: 0,
      vanished: false,
    };
    verdicts.set(key, found);
    return found;
  };
  for (const line of after.toString().split('\n').slice(0, -1)) of(keyOf(line)).copies++;
  const names: Record<number, string> = { [rowOperation.create]: 'create', [rowOperation.update]: 'update' };
  let journalled = 0;
  for (const { text, operation } of run.lines) {
    const verdict = of(keyOf(text));
    journalled++;
    if (isSent(operation)) verdict.sent = verdict.sent === 'none' ? names[operation]! : 'twice';
    else if (operation === rowOperation.skipCopy) verdict.skipped++;
    else verdict.refused++;
  }
  expect(journalled).toBe(run.result.journalled);
  // What the sieve dropped is seen from outside only as a row that is not in the journal.
  const vanished = new Set([...run.vanished.deletes].map((ordinal) => keyOfOrdinal(run.snapshot, ordinal)));
  for (const [key, verdict] of verdicts) {
    const dropped = verdict.copies - verdict.skipped - verdict.refused - (verdict.sent === 'none' ? 0 : 1);
    verdict.unchanged = dropped > 0 && run.mode !== 'insert' ? 1 : 0;
    verdict.skipped += dropped - verdict.unchanged;
    expect(vanished.has(hashOfKey(hasher, key))).toBe(false);
  }
  for (const line of before.toString().split('\n').slice(0, -1)) {
    if (vanished.has(hashOfKey(hasher, keyOf(line)))) of(keyOf(line)).vanished = true;
  }
  return [...verdicts]
    .map(
      ([key, v]) =>
        `${key}\t${v.unchanged}\t${v.skipped}\t${v.sent}\t${v.refused}\t${v.vanished ? 't' : 'f'}`,
    )
    .sort();
}

async function compare(before: Row[], after: Row[], mode: SyncMode, sizes: number[]): Promise<void> {
  const keys = new Set<string>();
  const acknowledged = before.filter(([k1, k2]) => {
    const key = JSON.stringify([k1, k2]);
    return k1 !== null && k2 !== null && !keys.has(key) && keys.add(key);
  });
  await fill('before', acknowledged);
  await fill('after', after);
  const options = { keyColumns: 2, mode, seed: 42n } as const;
  const beforeBytes = await copyOut(select('before'));
  const first = await runDiff([beforeBytes], options);
  expect(first.plan.counts).toMatchObject({ skippedCopies: 0, refused: 0 });
  const parts = [
    deltaOf(first, ({ operation }) =>
      operation === rowOperation.create ? rowOutcome.created : rowOutcome.updated,
    ),
  ];
  const afterBytes = await copyOut(select('after'));
  const run = await runDiff(cut(afterBytes, sizes), { ...options, parts });
  const sql = await verdictsOfSql(mode);
  expect(verdictsOfDiff(run, afterBytes, beforeBytes)).toEqual(sql);
  const sum = (column: number): number =>
    sql.reduce((total, line) => total + Number(line.split('\t')[column]), 0);
  expect(run.result.unchanged).toBe(sum(2));
  expect(run.result.skipped + run.plan.counts.skippedCopies).toBe(sum(3));
  expect(run.plan.counts.refused).toBe(sum(5));
}

// Fragments that COPY text, keys and null detection could each get wrong; few of them, so that keys collide.
const fragment = fc.constantFrom(
  '',
  'a',
  'A',
  '\t',
  '\n',
  '\r',
  '\\',
  '\\N',
  'N',
  '"',
  "'",
  'é',
  'İ',
  '😀',
  '.',
  '\b',
  '\v',
  '\u2028',
);
const nasty = fc.array(fragment, { maxLength: 3 }).map((parts) => parts.join(''));
const anyText = fc.oneof(
  nasty,
  nasty,
  fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.replaceAll('\0', '')),
  nasty.map((value) => `${value}${'long '.repeat(60)}`),
);
const orNull = (value: fc.Arbitrary<string>): fc.Arbitrary<string | null> => fc.option(value, { freq: 6 });
const row: fc.Arbitrary<Row> = fc.tuple(
  orNull(fc.oneof(nasty, fc.constantFrom('1', '2', '3'))),
  orNull(fc.constantFrom('', 'x', 'x\ty')),
  orNull(anyText),
  orNull(fc.constantFrom('1', '1.0', '1.00', '-0.5', 'NaN', '123456789012345678901234567890.123')),
  orNull(
    fc.constantFrom(
      '2026-11-23 20:41:46.123456+00',
      '2026-11-23 21:41:46.123456+01',
      'infinity',
      '0044-03-15 12:00:00 BC',
    ),
  ),
  orNull(fc.constantFrom('', '00', '0a09', 'ff5c')),
  orNull(fc.constantFrom('{}', '{ }', '{"a":1.0}', '{"a": 1.00}', '[null,"\\u0041\\n"]')),
);

test('sieve and plan agree with a full join in SQL, in every mode, on any rows, however their bytes are cut', async () => {
  const tables = fc.array(row, { maxLength: 12 }).chain((before) =>
    fc.tuple(
      fc.constant(before),
      // Rows taken over, rows taken over but for a column, and new ones; in any order.
      fc.array(
        fc.oneof(
          ...(before.length === 0
            ? []
            : [
                fc.constantFrom(...before),
                fc
                  .tuple(fc.constantFrom(...before), row, fc.integer({ min: 2, max: 6 }))
                  .map(([old, other, column]) => old.with(column, other[column]!)),
              ]),
          row,
        ),
        { maxLength: 24 },
      ),
    ),
  );
  await fc.assert(
    fc.asyncProperty(
      tables,
      fc.constantFrom<SyncMode>('upsert', 'insert', 'update', 'mirror'),
      fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
      async ([before, after], mode, sizes) => compare(before, after, mode, sizes),
    ),
    cases.options,
  );
});

test('they agree on twenty thousand rows with long lines among them', async () => {
  const rows = (from: number, to: number, version: (i: number) => string): Row[] =>
    Array.from({ length: to - from }, (_, i) => {
      const id = from + i;
      return [String(id), 'x', id % 997 === 0 ? 'y'.repeat(150_000) : version(id), '1.0', null, '', '{}'];
    });
  const before = rows(0, 20_000, () => 'one');
  const after = rows(500, 21_000, (id) => (id % 50 === 0 ? 'two' : 'one'));
  after.push(
    ...after.filter((_, i) => i % 333 === 0),
    ...after.filter((_, i) => i % 777 === 0).map((old) => old.with(2, 'three')),
  );
  await compare(before, after, 'mirror', [1, 65_536, 4_093, 8_191, 700_001]);
});
