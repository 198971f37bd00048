import * as fc from 'fast-check';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import type { RowOutcome } from '../../../domain/row-outcome';
import type { SyncMode } from '../../../domain/sync';
import { PackedSnapshot } from '../../../diff/snapshot/packed-snapshot';
import type { SnapshotPart } from '../../../diff/snapshot/packed-snapshot';
import { rowState } from '../../../domain/row-state';
import type { RowState } from '../../../domain/row-state';
import { randomCases } from '../../support/cases';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

type Row = [key: number, low: number, high?: number];

function packed(...rows: Row[]): Uint8Array {
  const words = rows.flatMap(([key, low, high]) => [key, key ^ 0xabcdef, ~key, key * 3, low, high ?? 0]);
  return new Uint8Array(Uint32Array.from(words).buffer);
}

const base = (...rows: Row[]): SnapshotPart => ({ kind: 'base', entries: packed(...rows) });

function delta(mode: SyncMode, operation: number, outcome: RowOutcome | null, ...rows: Row[]): SnapshotPart {
  return {
    kind: 'delta',
    mode,
    entries: packed(...rows),
    operations: new Uint8Array(rows.length).fill(operation),
    outcomes: outcome === null ? null : new Uint8Array(rows.length).fill(outcome),
  };
}

function find(snapshot: PackedSnapshot, key: number): number {
  const [k0, k1, k2, k3] = new Uint32Array(packed([key, 0]).buffer);
  return snapshot.find(k0!, k1!, k2!, k3!);
}

const stateOf = (snapshot: PackedSnapshot, key: number): RowState => snapshot.stateOf(find(snapshot, key));

const { create, update, delete: remove } = rowOperation;
const fingerprint = 1000;
const before: Record<string, SnapshotPart[]> = {
  unknown: [],
  known: [base([1, 77])],
  unsure: [base([1, 77]), { kind: 'all_unsure' }],
  unsureNew: [delta('upsert', create, null, [1, 77])],
  missing: [delta('update', update, rowOutcome.skipped, [1, 77])],
  dead: [base([1, 77]), delta('mirror', remove, rowOutcome.deleted, [1, 77])],
};
const name = (state: RowState): string => Object.entries(rowState).find(([, code]) => code === state)![0];

test.each([
  ['upsert', create, rowOutcome.created, 'known known known known known known'],
  ['upsert', update, rowOutcome.updated, 'known known known known known known'],
  ['upsert', update, rowOutcome.skipped, 'known known known known known known'],
  ['insert', create, rowOutcome.skipped, 'unsureNew unsureNew unsureNew unsureNew unsureNew unsureNew'],
  ['update', update, rowOutcome.skipped, 'missing missing missing missing missing missing'],
  ['mirror', remove, rowOutcome.deleted, 'unknown dead dead dead dead dead'],
  ['mirror', remove, rowOutcome.skipped, 'unknown dead dead dead dead dead'],
  ['upsert', create, rowOutcome.failed, 'unknown known unsure unsureNew missing dead'],
  ['mirror', remove, rowOutcome.failed, 'unknown known unsure unsureNew missing dead'],
  ['upsert', create, null, 'unsureNew unsure unsure unsureNew unsureNew unsureNew'],
  ['update', update, rowOutcome.unknown, 'unsureNew unsure unsure unsureNew unsureNew unsureNew'],
  ['mirror', remove, rowOutcome.unknown, 'unsureNew unsure unsure unsureNew unsureNew unsureNew'],
] as const)(
  'in %s mode operation %d answered with %p leaves each state as told',
  async (mode, operation, outcome, after) => {
    const found: string[] = [];
    for (const parts of Object.values(before)) {
      const snapshot = await PackedSnapshot.from([
        ...parts,
        delta(mode, operation, outcome, [1, fingerprint]),
      ]);
      const state = stateOf(snapshot, 1);
      found.push(name(state));
      expect(snapshot.liveRows).toBe(state === rowState.unknown || state === rowState.dead ? 0 : 1);
      const ordinal = find(snapshot, 1);
      const holds = ordinal < 0 ? null : snapshot.fingerprintLow(ordinal);
      const changed = outcome !== rowOutcome.failed;
      if (changed && (state === rowState.known || state === rowState.missing))
        expect(holds).toBe(fingerprint);
      if (!changed && state === rowState.known) expect(holds).toBe(77);
    }
    expect(found.join(' ')).toBe(after);
  },
);

test('a full resync makes acknowledged rows unsure and never makes a row deletable that was not acknowledged', async () => {
  const after: string[] = [];
  for (const parts of Object.values(before)) {
    after.push(name(stateOf(await PackedSnapshot.from([...parts, { kind: 'all_unsure' }]), 1)));
  }
  expect(after.join(' ')).toBe('unknown unsure unsure unsureNew unsureNew dead');
});

test('ordinals follow first appearance, whatever the sizes the memory started with', async () => {
  const rows = Array.from({ length: 5000 }, (_, i): Row => [i * 7919, 100 + i]);
  const parts = [
    base(...rows.slice(0, 2000)),
    base(...rows.slice(2000, 3000)),
    delta('upsert', create, rowOutcome.created, ...rows.slice(2500)),
    delta('upsert', create, rowOutcome.failed, [1, 5]),
    delta('upsert', create, rowOutcome.created, [2, 500]),
  ];
  for (const expectedRows of [0, 1, 4999, 5001, 100_000]) {
    const snapshot = await PackedSnapshot.from(parts, expectedRows);
    expect(snapshot.ordinals).toBe(5001);
    expect(snapshot.liveRows).toBe(5001);
    expect(rows.map(([key]) => find(snapshot, key))).toEqual(rows.map((_, i) => i));
    expect(rows.map((_, i) => snapshot.fingerprintLow(i))).toEqual(rows.map(([, low]) => low));
    expect(find(snapshot, 2)).toBe(5000);
    expect(find(snapshot, 1)).toBe(-1);
  }
});

test('entries are read from any place in a shared block', async () => {
  const bytes = packed([1, 100], [2, 200]);
  for (const shift of [0, 1, 2, 3]) {
    const block = Buffer.alloc(bytes.length + shift);
    block.set(bytes, shift);
    const snapshot = await PackedSnapshot.from([{ kind: 'base', entries: block.subarray(shift) }]);
    expect(snapshot.fingerprintLow(find(snapshot, 2))).toBe(200);
  }
});

test('keys that share three words of their hash are kept apart', async () => {
  const words = [
    [1, 2, 3, 4],
    [9, 2, 3, 4],
    [1, 9, 3, 4],
    [1, 2, 9, 4],
    [1, 2, 3, 9],
  ];
  const entries = new Uint8Array(Uint32Array.from(words.flatMap((key, i) => [...key, 100 + i, 0])).buffer);
  const snapshot = await PackedSnapshot.from([{ kind: 'base', entries }]);
  words.forEach(([k0, k1, k2, k3], i) => expect(snapshot.find(k0!, k1!, k2!, k3!)).toBe(i));
  expect(snapshot.find(9, 9, 3, 4)).toBe(-1);
});

test('the number of live rows is the number of entries that are not dead, after any history', async () => {
  const step = fc.oneof(
    fc.constant<SnapshotPart>({ kind: 'all_unsure' }),
    fc
      .tuple(
        fc.constantFrom<SyncMode>('upsert', 'update', 'mirror', 'insert'),
        fc.constantFrom(create, update, remove),
        fc.constantFrom(null, ...Object.values(rowOutcome)),
        fc.array(fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 16, max: 30 })), { maxLength: 6 }),
      )
      .map(([mode, operation, outcome, rows]) => delta(mode, operation, outcome, ...rows)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (parts) => {
      const snapshot = await PackedSnapshot.from(parts);
      const states = Array.from({ length: snapshot.ordinals }, (_, ordinal) => snapshot.stateOf(ordinal));
      expect(snapshot.liveRows).toBe(states.filter((state) => state !== rowState.dead).length);
    }),
    cases.options,
  );
});

test('torn entries, a delta with too few answers and a reserved value without a meaning are errors', async () => {
  const from = (part: SnapshotPart): Promise<PackedSnapshot> => PackedSnapshot.from([part]);
  await expect(from({ kind: 'base', entries: packed([1, 100]).subarray(1) })).rejects.toThrow(
    'multiple of 24',
  );
  await expect(
    from({ ...delta('upsert', create, null, [1, 100]), operations: new Uint8Array(2) } as SnapshotPart),
  ).rejects.toThrow('2 operations');
  await expect(
    from({ ...delta('upsert', create, null, [1, 100]), outcomes: new Uint8Array(2) } as SnapshotPart),
  ).rejects.toThrow('delta of 1');
  await expect(from(base([1, 9]))).rejects.toThrow('no meaning');
});

test('a released snapshot has given its memory back and finds nothing', async () => {
  const snapshot = await PackedSnapshot.from([base([1, 77], [2, 78])]);
  const heldBytes = snapshot.memoryBytes;

  snapshot.release();

  expect(find(snapshot, 1)).toBe(-1);
  expect([snapshot.ordinals, snapshot.liveRows]).toEqual([0, 0]);
  expect(snapshot.memoryBytes).toBeLessThan(heldBytes);
});

test('keys that share their highest bits are told apart, also past the end of the table', async () => {
  const keys = Array.from({ length: 300 }, (_, i) => 0xfffffff0 - i);
  const snapshot = await PackedSnapshot.from([base(...keys.map((key): Row => [key, 77]))]);

  expect(keys.map((key) => find(snapshot, key))).toEqual(keys.map((_, ordinal) => ordinal));
  expect(find(snapshot, 0xfffffff0 - 300)).toBe(-1);
});

test('many keys are found at once as each is alone, whatever stands around them', async () => {
  // Runs of keys whose first words share their highest bits, so that many are not in their own slot.
  const keys = Array.from({ length: 400 }, (_, i) => (i % 8) * 0x20000000 + (i >> 3));
  const snapshot = await PackedSnapshot.from([base(...keys.map((key): Row => [key, 77]))]);
  const asked = [...keys.toReversed(), 3, 50, 0xffffffff, 0xe0000000 + 50];
  const stride = 9;
  const words = new Uint32Array(asked.length * stride).fill(0xa5a5a5a5);
  asked.forEach((key, i) => words.set(new Uint32Array(packed([key, 0]).buffer).subarray(0, 4), i * stride));
  // Another last word alone is another key: of one that is not in its own slot, and of one that is.
  words[3]! ^= 1;
  words[399 * stride + 3]! ^= 1;
  const found = new Int32Array(asked.length + 1).fill(-7);

  snapshot.findEach(words, stride, asked.length, found);

  const alone = asked.map((_, i) =>
    snapshot.find(...([...words.subarray(i * stride, i * stride + 4)] as Four)),
  );
  expect([...found]).toEqual([...alone, -7]);
  expect(alone.slice(0, 3)).toEqual([-1, 398, 397]);
  expect(alone.slice(398, 400)).toEqual([1, -1]);
});

test('a key that a base has twice has one entry, the later one', async () => {
  const snapshot = await PackedSnapshot.from([base([5, 77], [5, 78]), base([5, 79])]);
  expect([snapshot.ordinals, snapshot.liveRows]).toEqual([1, 1]);
  expect(snapshot.fingerprintLow(find(snapshot, 5))).toBe(79);
});

type Four = [number, number, number, number];
