// What an HTTP destination makes of answers that say yes: results per row, and answers that only look like some.
import { failureTable } from '../../../../domain/failure';
import type { Destination } from '../../../../connectors/destination';
import { answerJson, type HttpStub, httpStub } from '../../../support/outside/http-stub';
import { aBatch } from '../../outgoing-batch';
import { words } from '../../destination-harness';
import { failureOfPromise, never, openDestination, rowsIn, someRows, target, write } from './http-fixture';

let stub: HttpStub;
let destination: Destination;

beforeEach(async () => {
  stub = await httpStub((_call, response) => answerJson(response, 200, {}));
});

afterEach(async () => {
  await destination.close();
  await stub.close();
});

const rules = {
  results_field: 'results',
  match_by: 'index',
  status_field: 'status',
  created_values: ['created'],
  updated_values: ['updated'],
  skipped_values: ['same'],
  errors_field: 'errors',
  message_field: 'message',
  field_field: 'field',
  code_field: 'code',
};
const open = (response: object = {}, config: object = {}): void => {
  destination = openDestination(stub.url, { response: { ...rules, ...response }, ...config });
};
const answerWith = (body: unknown): void =>
  stub.respond((_call, response) => answerJson(response, 200, body));
/** So many results of one status. */
const sameFor = (rows: number, status: string, more: object = {}): object[] =>
  Array.from({ length: rows }, () => ({ status, ...more }));
const three = () => aBatch(someRows(3));

describe('an answer that cannot be matched to its rows fails the batch, which may be tried again', () => {
  test.each([
    ['HTML', '<html><title>Welcome</title></html>', 'its answer is not JSON'],
    ['nothing', '', 'its answer is not JSON'],
    ['truncated JSON', '{"results":[{"status":"created"},{"sta', 'its answer is not JSON'],
    ['JSON without the list', '{"ok":true}', 'its answer has no list "results"'],
    ['a list that is none', '{"results":{"0":{"status":"created"}}}', 'its answer has no list "results"'],
    ['too few results', '{"results":[{"status":"created"}]}', 'its answer has 1 results for 3 rows'],
    [
      'too many results',
      JSON.stringify({ results: sameFor(4, 'created') }),
      'its answer has 4 results for 3 rows',
    ],
  ])('%s', async (_what, body, detail) => {
    open();
    stub.respond((_call, response) => response.writeHead(200).end(body));
    const { failure } = await failureOfPromise(write(destination, three()));
    expect(failure.message).toBe(`Destination unreachable: ${detail}`);
    expect(failureTable[failure.code].retryable).toBe(true);
    expect(stub.calls).toHaveLength(1);
  });

  test('an answer of 100 MB is left after 10', async () => {
    open();
    const chunk = Buffer.alloc(1_000_000, ' ');
    let sent = 0;
    stub.respond((_call, response) => {
      const more = (): void => {
        while (sent < 100 && !response.destroyed) {
          sent++;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const { failure } = await failureOfPromise(write(destination, three()));
    expect(failure.message).toBe('Destination unreachable: its answer is longer than 10 MB');
    expect(sent).toBeLessThan(100);
  });
});

describe('results per row', () => {
  test('unknown fields are left aside, a byte order mark too', async () => {
    open();
    stub.respond((_call, response) =>
      response
        .writeHead(200)

        .end(`\ufeff${JSON.stringify({ meta: 1, results: sameFor(3, 'created', { x: { y: 1 } }) })}`),
    );
    expect(words(await write(destination, three()))).toEqual(['created', 'created', 'created']);
  });

  test('a result that is unclear is never a success', async () => {
    open();
    answerWith({ results: [null, { status: 'queued' }, {}] });
    const answer = await write(destination, three());
    expect(words(answer)).toEqual(['failedUnsure', 'failedUnsure', 'failedUnsure']);
    expect(answer.refusals.map(({ row, code, message }) => ({ row, code, message }))).toEqual([
      { row: 0, code: 'no_result', message: 'The destination gave no result for this row' },
      { row: 1, code: 'unknown_status', message: 'The destination gave the status "queued"' },
      { row: 2, code: 'unknown_status', message: 'The destination gave no status for this row' },
    ]);
  });

  test('matched by key: missing, foreign and doubled results leave their rows without success', async () => {
    open({ match_by: 'key' });
    answerWith({
      results: [
        { id: 'u2', status: 'updated' },
        { id: 'u1', status: 'created' },
        { id: 'u1', status: 'created' },
        { id: 'stranger', status: 'created' },
      ],
    });
    const answer = await write(destination, three());
    expect(words(answer)).toEqual(['failedUnsure', 'failedUnsure', 'updated']);
    expect(answer.refusals.map(({ row, code }) => [row, code])).toEqual([
      [0, 'no_result'],
      [1, 'no_result'],
    ]);
  });

  test('matched by index with a key: the result of another row does not pass for this one', async () => {
    open({ key_field: 'ref.id' });
    answerWith({ results: ['u0', 'u2', 'u1'].map((id) => ({ ref: { id }, status: 'created' })) });
    expect(words(await write(destination, three()))).toEqual(['created', 'failedUnsure', 'failedUnsure']);
  });

  test('a numeric key comes back as a number or as text', async () => {
    open({ match_by: 'key' });
    answerWith({
      results: [
        { id: '9007199254740993', status: 'created' },
        { id: 7, status: 'created' },
        { id: '8.50', status: 'created' },
      ],
    });
    const numeric = { ...target, columns: [{ column: 'id', field: 'id', json: 'number' as const }] };
    const answer = await write(destination, aBatch([['7'], ['9007199254740993'], ['8.5']]), never, numeric);
    expect(words(answer)).toEqual(['created', 'created', 'created']);
  });

  test('one status for created and updated is told apart by the plan', async () => {
    open({ status_field: 'success', created_values: [true], updated_values: [true], skipped_values: [] });
    answerWith({
      results: [{ success: true }, { success: true }, { success: false, errors: [{ message: 'no' }] }],
    });
    const answer = await write(destination, aBatch(someRows(3), ['create', 'update', 'create']));
    expect(words(answer)).toEqual(['created', 'updated', 'failed']);
  });

  test('a status of deletes proves nothing about a write', async () => {
    open({ deleted_values: ['deleted'] });
    answerWith({ results: sameFor(3, 'deleted') });
    expect(words(await write(destination, three()))).toEqual([
      'failedUnsure',
      'failedUnsure',
      'failedUnsure',
    ]);
  });

  test('without a status a result without errors is accepted as planned', async () => {
    open({ status_field: null });
    answerWith({ results: [{ errors: [] }, {}, { errors: ['no good'] }] });
    const answer = await write(destination, aBatch(someRows(3), 'update'));
    expect(words(answer)).toEqual(['updated', 'updated', 'failed']);
    expect(answer.refusals).toMatchObject([{ row: 2, message: 'no good', code: 'rejected', field: null }]);
  });

  test('without rules for results any 2xx accepts all rows as planned', async () => {
    destination = openDestination(stub.url);
    for (const status of [200, 201, 202, 204]) {
      stub.respond((_call, response) => response.writeHead(status).end());
      const answer = await write(destination, aBatch(someRows(2), ['create', 'update']));
      expect(words(answer)).toEqual(['created', 'updated']);
    }
  });
});

describe('refusals', () => {
  const refuseWith = async (result: object) => {
    answerWith({ results: [result] });
    const answer = await write(destination, aBatch(someRows(1)));
    expect(words(answer)).toEqual(['failed']);
    return answer.refusals[0];
  };

  test('the first error gives message, field and code', async () => {
    open();
    const errors = [
      { field: 'Email', message: 'Invalid email format', code: 'INVALID_EMAIL' },
      { message: 'second' },
    ];
    expect(await refuseWith({ status: 'failed', errors })).toEqual({
      row: 0,
      field: 'Email',
      message: 'Invalid email format',
      code: 'INVALID_EMAIL',
      origin: 'destination',
    });
  });

  test('a list of fields gives its first, a message that is an object its JSON', async () => {
    open();
    const errors = { field: ['Email', 'Name'], message: { en: 'bad' }, code: 17 };
    expect(await refuseWith({ status: 'failed', errors })).toMatchObject({
      field: 'Email',
      message: '{"en":"bad"}',
      code: '17',
    });
  });

  test('a message beside the status is found too', async () => {
    open();
    expect(await refuseWith({ status: 'failed', message: 'no such owner' })).toMatchObject({
      message: 'no such owner',
      code: 'rejected',
    });
  });

  test('foreign text is cut, freed of NUL and of our secrets, and otherwise left as it is', async () => {
    open();
    const message = `<b>\0secret-token ${'x'.repeat(5_000)}`;
    const refusal = await refuseWith({ status: 'failed', errors: [{ message, code: 'c'.repeat(500) }] });
    expect(refusal?.message).toMatch(/^<b>\ufffd\[secret\] x+…$/);
    expect(refusal?.message).toHaveLength(2_001);
    expect(refusal?.code).toHaveLength(201);
  });

  test('half a surrogate pair, sent or left by the cut, is none of ours', async () => {
    open();
    const emoji = '\u{1F600}';
    const long = emoji.repeat(1_500);
    // JSON may name one half alone.
    stub.respond((_call, response) =>
      response
        .writeHead(200)
        .end(
          `{"results":[{"status":"no","errors":[{"message":"a\\ud83d","code":"\\ude00"}]},` +
            `{"status":"no","errors":[{"message":"x${long}"}]},{"status":"created"}]}`,
        ),
    );
    const { refusals } = await write(destination, three());
    expect(refusals[0]).toMatchObject({ message: 'a\ufffd', code: '\ufffd' });
    expect(refusals[1]?.message).toBe(`x${emoji.repeat(999)}\ufffd…`);
  });

  test('a message nested without end is no way to bring us down', async () => {
    open();
    stub.respond((_call, response) =>
      response
        .writeHead(200)
        .end(
          `{"results":[{"status":"failed","errors":[{"message":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}]}`,
        ),
    );
    const answer = await write(destination, aBatch(someRows(1)));
    expect(answer.refusals).toMatchObject([{ message: '[a value nested too deep to show]' }]);
  });
});

describe('bodies', () => {
  test('rows go as a bare array, or in a field with the operation of each', async () => {
    destination = openDestination(stub.url, { method: 'PUT', headers: { 'X-Team': 'growth' } });
    await write(destination, aBatch(someRows(1)));
    expect(stub.calls[0]).toMatchObject({
      method: 'PUT',
      headers: {
        'content-type': 'application/json',
        'x-team': 'growth',
        authorization: 'Bearer secret-token',
      },
    });
    expect(rowsIn(stub.calls[0]!)).toEqual([{ id: 'u0', email: 'u0@x.io' }]);
    await destination.close();

    destination = openDestination(stub.url, {
      delete_url: `${stub.url}/gone`,
      delete_method: 'DELETE',
      request: { rows_field: 'rows', operation_field: 'op' },
    });
    const mirror = { ...target, mode: 'mirror' } as const;
    await write(destination, aBatch(someRows(2), ['create', 'update']), never, mirror);
    await write(destination, aBatch([['u9']], 'delete'), never, mirror);
    expect(JSON.parse(String(stub.calls[1]?.body))).toEqual({
      rows: [
        { id: 'u0', email: 'u0@x.io', op: 'create' },
        { id: 'u1', email: 'u1@x.io', op: 'update' },
      ],
    });
    expect(stub.calls[2]).toMatchObject({ method: 'DELETE', path: '/gone' });
    expect(JSON.parse(String(stub.calls[2]?.body))).toEqual({ rows: [{ id: 'u9', op: 'delete' }] });
  });
});
