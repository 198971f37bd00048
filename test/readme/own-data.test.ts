// Owns the proof that the README's own-data blocks work: bash runs them against a real API, worker and two databases.
import { functionsOf, readmeBlock, ReadmePlace } from './readme-place';

/** What the README's last block prints: the run and its row errors. */
interface Printed {
  readonly syncId: string;
  readonly run: Record<string, unknown>;
  readonly errors: { readonly data: readonly Record<string, unknown>[]; readonly total_errors: number };
}

let place: ReadmePlace;
beforeAll(async () => {
  place = await ReadmePlace.start();
});
afterAll(() => place.close());

test("the README's own-data calls sync a table, and pasted again they sync what changed", async () => {
  const create = readmeBlock('own-data: create');
  const run = readmeBlock('own-data: run');

  const first = await printed(`${create}\n${run}\necho "$SYNC_ID"`);
  expect(first.run).toMatchObject({
    status: 'completed',
    outcome: 'with_row_errors',
    rows_processed: 3,
    rows_created: 2,
    rows_failed: 1,
  });
  expect(first.errors.total_errors).toBe(1);
  expect(first.errors.data[0]).toMatchObject({ row_id: '2', field: 'email', raw_value: null });
  expect(await contacts()).toEqual([
    { external_id: 1, email: 'ada@example.org', name: 'Ada Adeyemi', lifetime_value: '120.50' },
    { external_id: 3, email: 'chloe@example.org', name: 'Chloé Costa', lifetime_value: '87.90' },
  ]);

  await place.engine.warehouse.raw(`UPDATE customers SET email = 'ben@example.org' WHERE id = 2`);
  const second = await printed(`SYNC_ID=${first.syncId}\n${functionsOf(create)}\n${run}\necho "$SYNC_ID"`);
  expect(second.run).toMatchObject({ outcome: 'clean', rows_created: 1, rows_unchanged: 2, rows_failed: 0 });
  expect(second.errors.total_errors).toBe(0);
  expect(await contacts()).toHaveLength(3);

  const scheduled = await place.paste(`SYNC_ID=${first.syncId}\n${readmeBlock('own-data: schedule')}`);
  expect(JSON.parse(scheduled)).toMatchObject({ applied: true, cadence: expect.stringContaining('06:30') });
  expect(JSON.parse(scheduled).next).toHaveLength(5);
});

async function printed(script: string): Promise<Printed> {
  const stdout = await place.paste(script);
  const [run = '', errors = '', syncId = ''] = stdout.trim().split('\n');
  return { syncId, run: JSON.parse(run), errors: JSON.parse(errors) };
}

async function contacts(): Promise<unknown[]> {
  const { rows } = await place.engine.target.raw(`SELECT * FROM contacts ORDER BY external_id`);
  return rows;
}
