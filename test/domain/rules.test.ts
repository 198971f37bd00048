import fc from 'fast-check';
import { holdsDeletes } from '../../domain/deletes';
import { failureOf, failureTable, isFailureCode } from '../../domain/failure';
import { encodeId, idPrefixes, type IdKind, isId } from '../../domain/ids';
import { countOutcomes, isSent, rowOperation, rowOutcome } from '../../domain/row-outcome';
import { columnOrder } from '../../domain/sync';
import { randomCases } from '../support/cases';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

describe('ids', () => {
  const kinds = Object.keys(idPrefixes) as IdKind[];

  test('sort by the time they were made at, whatever their random part', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    const moment = fc.nat({ max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(moment, moment, bytes, bytes, (one, other, left, right) => {
        fc.pre(one !== other);
        const isBefore = encodeId('run', one, left) < encodeId('run', other, right);
        expect(isBefore).toBe(one < other);
      }),
      cases.options,
    );
  });

  test('name their kind and are known by it alone', () => {
    for (const kind of kinds) {
      const id = encodeId(kind, 1_700_000_000_000, new Uint8Array(16));
      expect(id).toMatch(new RegExp(`^${idPrefixes[kind]}_[0-9a-hjkmnp-tv-z]{26}$`));
      for (const other of kinds) expect(isId(other, id)).toBe(other === kind);
    }
  });

  test("the product page's ids have the form too, and nothing with other characters has", () => {
    expect(isId('run', 'run_abc123')).toBe(true);
    expect(isId('sync', 'sync_xyz789')).toBe(true);
    for (const text of ['run_', 'run_ABC', 'run_a b', "run_a'", 'run_a\0', `run_${'a'.repeat(41)}`, 'abc']) {
      expect(isId('run', text)).toBe(false);
    }
  });

  test('too little randomness is refused', () => {
    expect(() => encodeId('run', 0, new Uint8Array(15))).toThrow('needs 16 random bytes, got 15');
  });
});

describe('failures', () => {
  test('speak in the sentences of the product page', () => {
    expect(failureOf('source_connection_failed', 'timeout').message).toBe(
      'Source connection failed: timeout',
    );
    expect(failureOf('destination_auth_expired').message).toBe('Destination authentication expired');
    expect(failureOf('model_query_failed', 'syntax error at line 12').message).toBe(
      'Model query failed: syntax error at line 12',
    );
    expect(failureOf('rate_limit_exceeded').message).toBe('Rate limit exceeded');
    expect(failureOf('out_of_memory').message).toBe('Out of memory');
  });

  test('have one entry each in the table, and nothing else is one', () => {
    for (const code of Object.keys(failureTable)) expect(isFailureCode(code)).toBe(true);
    for (const text of ['', 'toString', '__proto__', 'Internal']) expect(isFailureCode(text)).toBe(false);
  });
});

describe('held deletes', () => {
  const plan = { deletes: 0, snapshotRows: 1_000, rowsRead: 900, allowed: false };

  test.each([
    ['none are never held', { ...plan, rowsRead: 0 }, false],
    ['a fifth of a large snapshot is not', { ...plan, deletes: 200 }, false],
    ['one more than a fifth is', { ...plan, deletes: 201 }, true],
    ['a hundred of a small snapshot are not', { ...plan, snapshotRows: 120, deletes: 100 }, false],
    ['a hundred and one are', { ...plan, snapshotRows: 120, deletes: 101 }, true],
    ['a single one is, when the model is empty', { ...plan, rowsRead: 0, deletes: 1 }, true],
    ['allowed ones are not', { ...plan, rowsRead: 0, deletes: 1_000, allowed: true }, false],
  ])('%s', (_name, given, expected) => {
    expect(holdsDeletes(given)).toBe(expected);
  });
});

describe('row outcomes', () => {
  test('add up to counters, an unclear refusal among the failed', () => {
    const { created, updated, deleted, skipped, failed, failedUnsure, unknown } = rowOutcome;
    const codes = [created, created, updated, deleted, skipped, failed, failedUnsure, unknown];
    expect(countOutcomes(Uint8Array.from(codes))).toEqual({
      created: 2,
      updated: 1,
      deleted: 1,
      skipped: 1,
      failed: 2,
      unknown: 1,
    });
  });

  test('only creates, updates and deletes are sent', () => {
    const sent = Object.entries(rowOperation).filter(([, code]) => isSent(code));
    expect(sent.map(([name]) => name)).toEqual(['create', 'update', 'delete']);
  });
});

describe('the order of columns', () => {
  const mapping = [
    { column: 'email', field: 'Email' },
    { column: 'id', field: 'Id' },
    { column: 'email', field: 'Login' },
  ];

  test('puts the row key first and keeps the rest as mapped', () => {
    expect(columnOrder(['id'], mapping).map(({ field }) => field)).toEqual(['Id', 'Email', 'Login']);
    expect(columnOrder(['email', 'id'], mapping).map(({ field }) => field)).toEqual(['Email', 'Id', 'Login']);
  });

  test('refuses a row key that is not mapped', () => {
    expect(() => columnOrder(['uuid'], mapping)).toThrow('row key column "uuid" is not mapped');
  });
});
