import { RunningCrm, contact, statuses } from './running-crm';

let running: RunningCrm;

beforeEach(async () => {
  running = await RunningCrm.start();
});

afterEach(() => running.end());

describe('a batch of contacts', () => {
  test('is answered row by row in its own order', async () => {
    await running.upsert([contact('usr_2')]);
    const answer = await running.upsert([
      contact('usr_1'),
      contact('usr_2'),
      contact('usr_3', { Email: 'not-an-email' }),
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body.results).toEqual([
      { external_id: 'usr_1', status: 'created', errors: [] },
      { external_id: 'usr_2', status: 'updated', errors: [] },
      {
        external_id: 'usr_3',
        status: 'failed',
        errors: [{ field: 'Email', message: 'Invalid email format', code: 'INVALID_EMAIL_ADDRESS' }],
      },
    ]);
  });

  test('sent twice leaves the contacts it left the first time', async () => {
    const rows = [contact('usr_1', { Email: 'a@example.com' }), contact('usr_2')];
    expect(statuses(await running.upsert(rows))).toEqual(['created', 'created']);
    expect(statuses(await running.upsert(rows))).toEqual(['updated', 'updated']);
    const held = (await running.get('/api/contacts')).body;
    expect(held.total).toBe(2);
    expect(held.data.map((one) => one['id'])).toEqual(['con_00000001', 'con_00000002']);
  });

  test('that names a contact twice creates it and then updates it', async () => {
    const answer = await running.upsert([
      contact('usr_1', { Plan__c: 'free' }),
      contact('usr_1', { Plan__c: 'team' }),
    ]);
    expect(statuses(answer)).toEqual(['created', 'updated']);
    expect((await running.get('/api/contacts/usr_1')).body.Plan__c).toBe('team');
  });

  test('changes the fields it brings and keeps the others', async () => {
    await running.upsert([contact('usr_1', { Email: 'a@example.com' })]);
    expect(statuses(await running.upsert([{ External_Id__c: 'usr_1', Plan__c: 'team' }]))).toEqual([
      'updated',
    ]);
    expect((await running.get('/api/contacts/usr_1')).body).toMatchObject({
      Email: 'a@example.com',
      LastName: 'Diaz',
    });
  });

  test('leaves a contact as it was when its row is refused', async () => {
    await running.upsert([contact('usr_1', { Email: 'a@example.com', Plan__c: 'free' })]);
    await running.upsert([contact('usr_1', { Email: 'not-an-email', Plan__c: 'team' })]);
    const held = (await running.get('/api/contacts/usr_1')).body;
    expect(held).toMatchObject({ Email: 'a@example.com', Plan__c: 'free' });
  });

  test('without an external id fails that row alone', async () => {
    const answer = await running.upsert([{ LastName: 'Diaz' }, contact('usr_1')]);
    expect(statuses(answer)).toEqual(['failed', 'created']);
    expect(answer.body.results[0]?.errors[0]?.field).toBe('External_Id__c');
  });

  test('of 1,000 rows is taken and one of 1,001 is not', async () => {
    const rows = Array.from({ length: 1001 }, (_, index) => contact(`usr_${index}`));
    expect((await running.upsert(rows)).status).toBe(413);
    expect((await running.stats()).contacts).toBe(0);
    expect((await running.upsert(rows.slice(1))).status).toBe(200);
    expect((await running.stats()).contacts).toBe(1000);
  });

  test.each([
    ['broken JSON', '{"records":['],
    ['no records', {}],
    ['records that are no objects', { records: ['usr_1'] }],
  ])('with %s is refused whole', async (_, body) => {
    const answer = await running.call('POST', '/api/contacts/batch', body);
    expect(answer.status).toBe(400);
    expect(answer.body.error).toEqual(expect.any(String));
  });

  test('of no rows is answered with no results, so that access can be checked with it', async () => {
    expect((await running.upsert([])).body).toEqual({ results: [] });
  });
});

describe('deleting contacts', () => {
  test('says which were there', async () => {
    await running.upsert([contact('usr_1')]);
    const gone = ['usr_1', 'usr_2'];
    expect(statuses(await running.remove(gone))).toEqual(['deleted', 'not_found']);
    expect(statuses(await running.remove(gone))).toEqual(['not_found', 'not_found']);
    expect((await running.get('/api/contacts/usr_1')).status).toBe(404);
  });
});

describe('what the CRM shows', () => {
  test('is paged, with the total', async () => {
    await running.upsert([1, 2, 3, 4, 5].map((n) => contact(`usr_${n}`)));
    const page = (await running.get('/api/contacts?page=2&per_page=2')).body;
    expect(page).toMatchObject({ page: 2, per_page: 2, total: 5 });
    expect(page.data.map((one) => one['External_Id__c'])).toEqual(['usr_3', 'usr_4']);
  });

  test('can be read in a browser without a key, and what was sent cannot become markup', async () => {
    await running.upsert([contact('usr_1', { FirstName: '<script>alert(1)</script>' })]);
    const page = await running.call('GET', '/', undefined, { authorization: '' });
    expect(page.headers.get('content-type')).toMatch(/html/);
    expect(page.text).toContain('<span class="count">1</span> contacts');
    expect(page.text).not.toContain('<script>');
  });

  test('is empty again after a clear, on disk too', async () => {
    await running.upsert([contact('usr_1')]);
    await running.call('POST', '/admin/clear');
    await running.restart();
    expect(await running.stats()).toMatchObject({ contacts: 0, created: 0, calls: 0 });
  });
});
