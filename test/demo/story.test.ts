import { Client } from 'pg';
import { Story } from '../../demo/story';
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

const usersHeld = async () => Number((await client.query('select count(*) from public.users')).rows[0].count);

test('a later start finds the story where it was left, with its runs', async () => {
  const story = await Story.open(client, 'sync_a');
  await story.reach('one');
  await story.noteRun('first_run', 'run_1');
  const later = await Story.open(client, 'sync_a');
  expect([later.isAt('one'), later.isAt('two')]).toEqual([true, false]);
  expect([later.runOf('first_run'), later.runOf('second_run')]).toEqual(['run_1', null]);
  expect(later.runIds()).toEqual(['run_1']);
});

test('a run that takes the place of a failed one is the only one noted', async () => {
  const story = await Story.open(client, 'sync_a');
  await story.noteRun('first_run', 'run_1');
  await story.noteRun('first_run', 'run_2');
  expect((await Story.open(client, 'sync_a')).runIds()).toEqual(['run_2']);
});

test('another sync begins its own story, with the warehouse at its beginning', async () => {
  const story = await Story.open(client, 'sync_a');
  await story.reach('one');
  await story.reach('two');
  expect(await usersHeld()).toBe(15_432);
  const other = await Story.open(client, 'sync_b');
  expect(other.isAt('one')).toBe(false);
  await other.reach('one');
  expect(await usersHeld()).toBe(14_000);
});

test('that the story of alerts was told is noted beside the runs', async () => {
  const story = await Story.open(client, 'sync_a');
  expect(story.hasToldAlerts).toBe(false);
  await story.noteAlertsTold();
  const later = [await Story.open(client, 'sync_a'), await Story.open(client, 'sync_b')];
  expect(later.map(({ hasToldAlerts }) => hasToldAlerts)).toEqual([true, false]);
  expect(later[0]?.runIds()).toEqual([]);
});

test('a change of the warehouse that fails is not noted and leaves the users as they were', async () => {
  const story = await Story.open(client, 'sync_a');
  await story.reach('one');
  await client.query('alter table public.users add constraint not_that_one check (id <> $$usr_15000$$)');
  await expect(story.reach('two')).rejects.toThrow(/not_that_one/);
  expect(await usersHeld()).toBe(14_000);
  const later = await Story.open(client, 'sync_a');
  expect([story.isAt('two'), later.isAt('two')]).toEqual([false, false]);
});
