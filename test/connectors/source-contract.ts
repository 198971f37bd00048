// Owns the tests every source must pass, run against a harness per kind. Knows no kind itself.
import { decodeLine } from '../../connectors/copy-text';
import type { ModelStream, Source } from '../../connectors/source';
import { until } from '../support/until';

/**
 * A place with a table `people` of `id` (whole number, key), `name` (text, nullable), `active` (boolean) and
 * `facts` (JSON).
 */
export interface ContractPlace {
  readonly source: Source;
  /** A model of all four columns of `people`, in this order. */
  readonly model: string;
  /** A model with a syntax error in its third line. */
  readonly brokenModel: string;
  /** A model of one column `n` that would run for minutes before its first row. */
  readonly endlessModel: string;
  add(people: readonly { id: number; name: string | null; active: boolean; facts: unknown }[]): Promise<void>;
  /** Whether the source's server still runs a statement of ours. */
  busy(): Promise<boolean>;
  withoutServer(): Promise<Source>;
  withWrongPassword(): Promise<Source>;
  close(): Promise<void>;
}

export interface SourceHarness {
  readonly kind: string;
  open(): Promise<ContractPlace>;
}

const never = new AbortController().signal;

/** Every line of the stream, decoded. */
export async function readAll(stream: Pick<ModelStream, 'chunks'>): Promise<(string | null)[][]> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream.chunks) chunks.push(chunk);
  const data = Buffer.concat(chunks);
  const lines: (string | null)[][] = [];
  for (let start = 0; start < data.length;) {
    const end = data.indexOf(0x0a, start) + 1;
    lines.push(decodeLine(data, start, end));
    start = end;
  }
  return lines;
}

const byName = ([one]: (string | null)[], [other]: (string | null)[]): number =>
  `${one}`.localeCompare(`${other}`);

export function describeSource(harness: SourceHarness): void {
  describe(`${harness.kind} source, by contract`, () => {
    let place: ContractPlace;
    const read = (sql: string, columns: string[], signal = never) =>
      place.source.read({ sql, columns, timeoutSeconds: 60 }, signal);

    beforeEach(async () => {
      place = await harness.open();
    });

    afterEach(async () => {
      await place.source.close();
      await place.close();
    });

    test('a reachable source passes its check', async () => {
      await expect(place.source.check(never)).resolves.toMatchObject({ ok: true });
    });

    test('a model is described by its columns, in order, with their JSON forms', async () => {
      const columns = await place.source.describe(place.model, never);
      expect(columns.map(({ name, json }) => [name, json])).toEqual([
        ['id', 'number'],
        ['name', 'string'],
        ['active', 'boolean'],
        ['facts', 'json'],
      ]);
      for (const column of columns) expect(column.type).not.toBe('');
    });

    test('rows come with the wanted columns only, in the wanted order, and are counted', async () => {
      await place.add([
        { id: 1, name: 'Ann', active: true, facts: {} },
        { id: 2, name: 'Bob', active: false, facts: {} },
      ]);
      const stream = await read(place.model, ['name', 'id']);
      expect(stream.columns.map(({ name }) => name)).toEqual(['name', 'id']);
      expect((await readAll(stream)).toSorted(byName)).toEqual([
        ['Ann', '1'],
        ['Bob', '2'],
      ]);
      expect(stream.rowCount()).toBe(2);
    });

    test('an empty model has no bytes and no rows', async () => {
      const stream = await read(place.model, ['id']);
      expect(await readAll(stream)).toEqual([]);
      expect(stream.rowCount()).toBe(0);
    });

    test('values keep nulls, empty strings, tabs, newlines, backslashes, quotes and unicode', async () => {
      const names = [null, '', 'a\tb', 'a\nb\r\nc', 'a\\b\\N', `'"\``, 'Zoë 🦊'];
      await place.add(names.map((name, id) => ({ id, name, active: true, facts: null })));
      const rows = await readAll(await read(place.model, ['id', 'name']));
      expect(
        rows.toSorted((one, other) => Number(one[0]) - Number(other[0])).map(([, name]) => name),
      ).toEqual(names);
    });

    test('asked for several passes, it gives the same rows each time, whatever is written meanwhile', async () => {
      await place.add([{ id: 1, name: 'Ann', active: true, facts: {} }]);
      const query = { sql: place.model, columns: ['id', 'name'], timeoutSeconds: 60, passes: 2 };
      const stream = await place.source.read(query, never);
      expect(await readAll(stream)).toEqual([['1', 'Ann']]);
      await place.add([{ id: 2, name: 'Bob', active: false, facts: {} }]);
      expect(await readAll({ chunks: stream.nextPass() })).toEqual([['1', 'Ann']]);
      expect(stream.rowCount()).toBe(1);
      expect(() => stream.nextPass()).toThrow('as often as was asked for');
      await until('the source to be idle', async () => !(await place.busy()));
    });

    test('aborted between two passes, it gives the reason and not the next one', async () => {
      await place.add([{ id: 1, name: 'Ann', active: true, facts: {} }]);
      const abort = new AbortController();
      const query = { sql: place.model, columns: ['id'], timeoutSeconds: 60, passes: 2 };
      const stream = await place.source.read(query, abort.signal);
      expect(await readAll(stream)).toEqual([['1']]);
      abort.abort(new Error('cancelled by a person'));
      expect(() => stream.nextPass()).toThrow('cancelled by a person');
    });

    test('a slow reader gets every row', async () => {
      const count = 20_000;
      const name = 'x'.repeat(200);
      await place.add(Array.from({ length: count }, (_, id) => ({ id, name, active: true, facts: null })));
      const stream = await read(place.model, ['id', 'name']);
      let lines = 0;
      for await (const chunk of stream.chunks) {
        await new Promise((resolve) => setImmediate(resolve));
        for (const byte of chunk) if (byte === 0x0a) lines += 1;
      }
      expect(lines).toBe(count);
      expect(stream.rowCount()).toBe(count);
    });

    test('a syntax error is named by its line in the model, in description and reading alike', async () => {
      const failure = {
        failure: { code: 'model_query_failed', message: 'Model query failed: syntax error at line 3' },
        retryable: false,
      };
      await expect(place.source.describe(place.brokenModel, never)).rejects.toMatchObject(failure);
      await expect(read(place.brokenModel, ['id'])).rejects.toMatchObject(failure);
    });

    test('a wanted column that the model lacks is named', async () => {
      await expect(read(place.model, ['id', 'shoe size'])).rejects.toMatchObject({
        failure: {
          code: 'model_query_failed',
          message: `Model query failed: column "shoe size" is not in the model's result`,
        },
      });
    });

    test('an aborted read ends with the reason, and its statement ends in the source', async () => {
      const abort = new AbortController();
      const stream = await read(place.endlessModel, ['n'], abort.signal);
      const reading = readAll(stream);
      await until('the source to be busy', () => place.busy());
      abort.abort(new Error('cancelled by a person'));
      await expect(reading).rejects.toThrow('cancelled by a person');
      await until('the source to be idle', async () => !(await place.busy()));
    });

    test('an aborted stream that nobody reads ends its statement too', async () => {
      const abort = new AbortController();
      await read(place.endlessModel, ['n'], abort.signal);
      await until('the source to be busy', () => place.busy());
      abort.abort();
      await until('the source to be idle', async () => !(await place.busy()));
    });

    test('closing the source ends what still runs in it', async () => {
      await read(place.endlessModel, ['n']);
      await until('the source to be busy', () => place.busy());
      await place.source.close();
      await until('the source to be idle', async () => !(await place.busy()));
    });

    test('a server that is not there is source_connection_failed, which waiting may help', async () => {
      const source = await place.withoutServer();
      const failure = {
        failure: {
          code: 'source_connection_failed',
          message: 'Source connection failed: connection refused',
        },
        retryable: true,
      };
      await expect(source.describe(place.model, never)).rejects.toMatchObject(failure);
      await expect(
        source.read({ sql: place.model, columns: ['id'], timeoutSeconds: 60 }, never),
      ).rejects.toMatchObject(failure);
      await expect(source.check(never)).resolves.toMatchObject({
        ok: false,
        checks: [{ name: 'connection', ok: false, detail: failure.failure.message }],
      });
      await source.close();
    });

    test('refused credentials are a failed connection that names the user', async () => {
      const source = await place.withWrongPassword();
      await expect(source.describe(place.model, never)).rejects.toMatchObject({
        failure: {
          code: 'source_connection_failed',
          message: expect.stringMatching(/^Source connection failed: authentication failed/),
        },
      });
      await source.close();
    });
  });
}
