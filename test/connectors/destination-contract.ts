// Owns the tests every destination must pass, run against a harness per kind. Knows no kind itself.
import { ConnectorFailure } from '../../connectors/connector-failure';
import type { Destination, OutgoingBatch } from '../../connectors/destination';
import type { SyncMode } from '../../domain/sync';
import {
  type ContractObject,
  type DestinationHarness,
  type HeldRow,
  words,
  writeOnce,
} from './destination-harness';
import { aBatch } from './outgoing-batch';

const never = new AbortController().signal;

export function describeDestination(harness: DestinationHarness): void {
  const offers = (mode: SyncMode): boolean => harness.modes.includes(mode);

  describe(`${harness.kind} destination, by contract`, () => {
    let object: ContractObject;
    const byId = async (): Promise<HeldRow[]> =>
      (await object.held()).toSorted((one, other) => `${one['id']}`.localeCompare(`${other['id']}`));
    const write = (batch: OutgoingBatch, mode: SyncMode = 'upsert') =>
      writeOnce(object.destination, object.target(mode), batch);

    beforeEach(async () => {
      object = await harness.open('single');
    });

    afterEach(async () => {
      await object.destination.close();
      await object.close();
    });

    test('a reachable destination passes its check and is ready for every mode it offers', async () => {
      await expect(object.destination.check(never)).resolves.toMatchObject({ ok: true });
      for (const mode of harness.modes) {
        await expect(object.destination.prepare(object.target(mode), never)).resolves.toBeUndefined();
      }
    });

    test('new rows are created and known rows are updated', async () => {
      const first = await write(
        aBatch([
          ['1', 'Ann', 'ann@x.io'],
          ['2', 'Bob', 'bob@x.io'],
        ]),
      );
      expect(words(first)).toEqual(['created', 'created']);
      const second = await write(
        aBatch(
          [
            ['2', 'Rob', 'bob@x.io'],
            ['3', 'Cid', 'cid@x.io'],
          ],
          ['update', 'create'],
        ),
      );
      expect(words(second)).toEqual(['updated', 'created']);
      expect(second.callMs.length).toBeGreaterThan(0);
      expect(await byId()).toEqual([
        { id: '1', name: 'Ann', email: 'ann@x.io' },
        { id: '2', name: 'Rob', email: 'bob@x.io' },
        { id: '3', name: 'Cid', email: 'cid@x.io' },
      ]);
    });

    test('a planned create that exists and a planned update that does not are both written', async () => {
      await object.seed([{ id: '1', name: 'old', email: 'old@x.io' }]);
      const answer = await write(
        aBatch(
          [
            ['1', 'new', 'new@x.io'],
            ['2', 'two', 'two@x.io'],
          ],
          ['create', 'update'],
        ),
      );
      expect(words(answer)).toEqual(
        harness.tellsCreatedFromUpdated ? ['updated', 'created'] : ['created', 'updated'],
      );
      expect(await byId()).toEqual([
        { id: '1', name: 'new', email: 'new@x.io' },
        { id: '2', name: 'two', email: 'two@x.io' },
      ]);
    });

    test('writing the same batch twice leaves one row', async () => {
      const batch = aBatch([['1', 'Ann', 'ann@x.io']]);
      await write(batch);
      await write(batch);
      expect(await byId()).toEqual([{ id: '1', name: 'Ann', email: 'ann@x.io' }]);
    });

    test('a refused row names its field and message, and its neighbours are written', async () => {
      const answer = await write(
        aBatch([
          ['1', 'Ann', 'ann@x.io'],
          ['2', 'Bob', 'not-an-email'],
          ['3', 'Cid', 'cid@x.io'],
          ['4', 'Dot', 'nor this'],
        ]),
      );
      expect(words(answer)).toEqual(['created', 'failed', 'created', 'failed']);
      expect(answer.refusals.map(({ row, field, origin }) => ({ row, field, origin }))).toEqual([
        { row: 1, field: 'email', origin: 'destination' },
        { row: 3, field: 'email', origin: 'destination' },
      ]);
      for (const refusal of answer.refusals) {
        expect(refusal.message).toMatch(harness.refusal);
        expect(refusal.code).not.toBe('');
      }
      expect((await byId()).map((row) => row['id'])).toEqual(['1', '3']);
    });

    test('a batch of one refused row is one refusal', async () => {
      const answer = await write(aBatch([['1', 'Ann', 'not-an-email']]));
      expect(words(answer)).toEqual(['failed']);
      expect(answer.refusals).toHaveLength(1);
      expect(await byId()).toEqual([]);
    });

    test('a refused row can be written by a later batch', async () => {
      await write(aBatch([['1', 'Ann', 'not-an-email']]));
      const answer = await write(aBatch([['1', 'Ann', 'ann@x.io']]));
      expect(words(answer)).toEqual(['created']);
    });

    test('values arrive as they left: unicode, quotes, tabs, newlines, backslashes, empty strings and nulls', async () => {
      const names = [
        'Zoë 🦊 漢字',
        `O'Hara "Q" \`b\``,
        'tab\there',
        'line\nbreak\r\nagain',
        'back\\slash \\N \\n',
        '',
        null,
      ];
      const answer = await write(aBatch(names.map((name, at) => [`${at}`, name, 'a@x.io'])));
      expect(words(answer)).toEqual(names.map(() => 'created'));
      expect((await byId()).map((row) => row['name'])).toEqual(names);
    });

    test('a full batch is answered row by row', async () => {
      const count = Math.min(object.destination.habits.batchRows, 2_000);
      const rows = Array.from({ length: count }, (_, at) => [
        `${at}`,
        `name ${at}`,
        at % 50 === 7 ? 'bad' : `u${at}@x.io`,
      ]);
      const answer = await write(aBatch(rows));
      const refused = rows.flatMap((row, at) => (row[2] === 'bad' ? [at] : []));
      expect(answer.outcomes).toHaveLength(count);
      expect(answer.refusals.map(({ row }) => row)).toEqual(refused);
      const held = await object.held();
      expect(held).toHaveLength(count - refused.length);
      expect(words(answer).filter((word) => word === 'created')).toHaveLength(held.length);
    });

    test('a composite key finds its row by all of its columns', async () => {
      const composite = await harness.open('composite');
      try {
        const target = composite.target('upsert');
        await composite.destination.prepare(target, never);
        await writeOnce(
          composite.destination,
          target,
          aBatch([
            ['eu', '1', 'a'],
            ['us', '1', 'b'],
          ]),
        );
        const answer = await writeOnce(composite.destination, target, aBatch([['us', '1', 'c']], 'update'));
        expect(words(answer)).toEqual(['updated']);
        const held = await composite.held();
        expect(held).toHaveLength(2);
        expect(held).toContainEqual({ region: 'eu', id: '1', name: 'a' });
        expect(held).toContainEqual({ region: 'us', id: '1', name: 'c' });
      } finally {
        await composite.destination.close();
        await composite.close();
      }
    });

    if (offers('mirror')) {
      test('deletes remove what is there and skip what is not', async () => {
        await write(
          aBatch([
            ['1', 'Ann', 'ann@x.io'],
            ['2', 'Bob', 'bob@x.io'],
          ]),
          'mirror',
        );
        const answer = await write(aBatch([['1'], ['gone']], 'delete'), 'mirror');
        expect(words(answer)).toEqual(['deleted', 'skipped']);
        expect((await byId()).map((row) => row['id'])).toEqual(['2']);
      });
    }

    if (offers('insert')) {
      test('insert mode leaves an existing row as it was', async () => {
        await object.seed([{ id: '1', name: 'old', email: 'old@x.io' }]);
        const answer = await write(
          aBatch([
            ['1', 'new', 'new@x.io'],
            ['2', 'two', 'two@x.io'],
          ]),
          'insert',
        );
        expect(words(answer)).toEqual(['skipped', 'created']);
        expect((await byId()).map((row) => row['name'])).toEqual(['old', 'two']);
      });
    }

    if (offers('update')) {
      test('update mode makes no new rows, whatever the plan called them', async () => {
        await object.seed([{ id: '1', name: 'old', email: 'old@x.io' }]);
        const answer = await write(
          aBatch(
            [
              ['1', 'new', 'new@x.io'],
              ['2', 'two', 'two@x.io'],
              ['3', 'three', 'three@x.io'],
            ],
            ['create', 'update', 'create'],
          ),
          'update',
        );
        expect(words(answer)).toEqual(['updated', 'skipped', 'skipped']);
        expect(await byId()).toEqual([{ id: '1', name: 'new', email: 'new@x.io' }]);
      });
    }

    if (harness.transactional) {
      test('nothing is visible before the commit, and a rollback leaves nothing', async () => {
        const lane = await object.destination.openLane(object.target('upsert'), never);
        try {
          expect(await lane.begin(never)).toMatch(/\S/);
          await lane.write(aBatch([['1', 'Ann', 'ann@x.io']]), never);
          expect(await object.held()).toEqual([]);
          await lane.rollback();
          expect(await object.held()).toEqual([]);
          await lane.begin(never);
          await lane.write(aBatch([['2', 'Bob', 'bob@x.io']]), never);
          await lane.commit(never);
          expect((await byId()).map((row) => row['id'])).toEqual(['2']);
        } finally {
          await lane.close();
        }
      });
    }

    test('refused credentials are destination_auth_expired', async () => {
      const destination = await object.withExpiredAuth();
      try {
        await expect(useIt(destination)).rejects.toMatchObject({
          failure: { code: 'destination_auth_expired', message: 'Destination authentication expired' },
        });
        await expect(destination.check(never)).resolves.toMatchObject({ ok: false });
      } finally {
        await destination.close();
      }
    });

    test('a server that is not there is destination_unreachable, which waiting may help', async () => {
      const destination = await object.withoutServer();
      try {
        const failure = await useIt(destination).catch((error: unknown) => error);
        expect(failure).toBeInstanceOf(ConnectorFailure);
        expect(failure).toMatchObject({ failure: { code: 'destination_unreachable' }, retryable: true });
      } finally {
        await destination.close();
      }
    });

    test('an aborted signal ends a write that hangs', async () => {
      const stalled = await object.stall();
      const abort = new AbortController();
      const lane = await object.destination.openLane(object.target('upsert'), never);
      try {
        await lane.begin(never);
        const writing = lane.write(aBatch([['1', 'Ann', 'ann@x.io']]), abort.signal);
        const reason = new Error('enough');
        setTimeout(() => abort.abort(reason), 100);
        await expect(writing).rejects.toThrow();
        await lane.rollback();
      } finally {
        await lane.close();
        await stalled.release();
      }
    });

    /** Access first, then a write: some destinations notice only on the way in. */
    async function useIt(destination: Destination): Promise<void> {
      const target = object.target('upsert');
      await destination.prepare(target, never);
      await writeOnce(destination, target, aBatch([['1', 'Ann', 'ann@x.io']]));
    }
  });
}
