// Holds what the demo shows against the product page's own example. Asks nobody but the CRM.

/** The product page's numbers and rows, to the digit; the third run sends only what was refused. */
export function expectThePagesExample(bodies: unknown[]): void {
  const [list, detail, errors] = bodies as [
    { pagination: unknown; data: { id: string }[] },
    unknown,
    { data: { raw_value: string | null }[] },
  ];
  expect(list.pagination).toEqual({ page: 1, per_page: 20, total: 3 });
  expect(list.data[0]).toMatchObject({ rows_processed: 15_432, rows_unchanged: 15_096, rows_failed: 336 });
  expect(detail).toMatchObject({
    id: list.data[1]?.id,
    status: 'completed',
    outcome: 'with_row_errors',
    rows_processed: 15_432,
    rows_created: 1_205,
    rows_updated: 13_891,
    rows_deleted: 0,
    rows_failed: 336,
    rows_skipped: 0,
    summary: { counter_mismatch: 0 },
  });
  expect(errors).toMatchObject({ total_errors: 336, page: 1, per_page: 100 });
  expect(errors.data.slice(0, 3)).toMatchObject([
    { row_id: 'usr_123', field: 'Email', message: 'Invalid email format', raw_value: 'not-an-email' },
    { row_id: 'usr_456', field: 'LastName', message: 'Required field is null', raw_value: null },
    { row_id: 'usr_789', field: 'Description__c', message: 'String exceeds max length (255)' },
  ]);
  expect(errors.data[2]?.raw_value?.length).toBeGreaterThan(255);
}

/** What the CRM counted itself: all it ever accepted and refused, over the three runs. */
export async function expectTheCrmToAgree(output: string): Promise<void> {
  const [, crmUrl] = /demo CRM +(http:\S+) +\(15,167 contacts\)/.exec(output) ?? [];
  const stats = await (await fetch(`${crmUrl}/api/stats`)).json();
  expect(stats).toMatchObject({ contacts: 15_167, created: 13_962 + 1_205, updated: 13_891, deleted: 0 });
}

/** The product page's answer to its first curl call, to the letter. */
export const thePagesRunList = {
  data: [
    {
      id: 'run_abc123',
      sync_id: 'sync_xyz789',
      status: 'completed',
      trigger: 'schedule',
      started_at: '2025-01-15T09:00:00Z',
      completed_at: '2025-01-15T09:04:23Z',
      duration_seconds: 263,
      rows_processed: 15432,
      rows_created: 1205,
      rows_updated: 13891,
      rows_deleted: 0,
      rows_failed: 336,
    },
  ],
  pagination: { page: 1, per_page: 20, total: 156 },
};
