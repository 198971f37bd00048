// Cursors and the keys that sign them: while the secret key is being changed nobody's walk through a list is broken off.
import { randomBytes } from 'node:crypto';
import { Cursors } from '../../../api/lists/cursor';
import type { SecretKey } from '../../../db/seal';

const [old, next, strange] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const place = { way: 'after', mark: ['2025-01-15T09:00:00Z', 'run_1'] } as const;
const cursorsBy = (key: SecretKey): Cursors => new Cursors(key, 'runs of a sync');

test.each([
  ['before the change', old, old],
  ['of a process that has the old key, by one that has both', old, [next, old]],
  ['of a process that has both, by one that still seals with the old key', [next, old], [old, next]],
  ['when the old key has gone', [next, old], next],
] satisfies [string, SecretKey, SecretKey][])('a cursor is read %s', (_, signing, reading) => {
  expect(cursorsBy(reading).decode(cursorsBy(signing).encode(place))).toEqual(place);
});

test.each([
  ['the old key, when it has gone', old, next],
  ['a key that nobody has', strange, [next, old]],
] satisfies [string, SecretKey, SecretKey][])(
  'one that was signed with %s is none of ours',
  (_, signing, reading) => {
    expect(() => cursorsBy(reading).decode(cursorsBy(signing).encode(place))).toThrow('no cursor of ours');
  },
);
