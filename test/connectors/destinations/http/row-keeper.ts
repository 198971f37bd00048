// Owns the far side of the HTTP tests: keeps rows by key, refuses bad ones, and answers with one result per row.
import type { SyncMode } from '../../../../domain/sync';
import type { StubCall } from '../../../support/outside/http-stub';

export type KeptRow = Readonly<Record<string, string | null>>;

/** One result per row, in the words `keeperConfig` explains. */
export interface RowResult {
  readonly key: string;
  readonly status: string;
  readonly errors: readonly { readonly field: string; readonly message: string; readonly code: string }[];
}

export interface RowKeeper {
  readonly rows: Map<string, KeptRow>;
  /** What the other side does with rows it has or has not: the API of an insert-only or update-only object. */
  mode: SyncMode;
  /** Applies a call of `{"rows": […]}`. */
  apply(call: StubCall): { results: RowResult[] };
}

export function rowKeeper(keyFields: readonly string[]): RowKeeper {
  const rows = new Map<string, KeptRow>();
  const keyOf = (row: KeptRow): string => keyFields.map((field) => row[field]).join('|');
  const keeper: RowKeeper = {
    rows,
    mode: 'upsert',
    apply(call) {
      const sent = (JSON.parse(call.body.toString('utf8')) as { rows: KeptRow[] }).rows;
      return { results: sent.map((row) => (call.path === '/delete' ? remove(row) : write(row))) };
    },
  };

  function remove(row: KeptRow): RowResult {
    const key = keyOf(row);
    return { key, status: rows.delete(key) ? 'deleted' : 'not_found', errors: [] };
  }

  function write(row: KeptRow): RowResult {
    const key = keyOf(row);
    const exists = rows.has(key);
    if (row['email'] !== undefined && !row['email']?.includes('@')) {
      const error = { field: 'email', message: 'Invalid email format', code: 'INVALID_EMAIL' };
      return { key, status: 'failed', errors: [error] };
    }
    if (exists ? keeper.mode === 'insert' : keeper.mode === 'update')
      return { key, status: 'ignored', errors: [] };
    rows.set(key, row);
    return { key, status: exists ? 'updated' : 'created', errors: [] };
  }

  return keeper;
}

/** How a destination is configured to speak with the keeper. */
export const keeperConfig = {
  request: { rows_field: 'rows' },
  response: {
    results_field: 'results',
    match_by: 'index',
    status_field: 'status',
    created_values: ['created'],
    updated_values: ['updated'],
    deleted_values: ['deleted'],
    skipped_values: ['not_found', 'ignored'],
    errors_field: 'errors',
    message_field: 'message',
    field_field: 'field',
    code_field: 'code',
  },
} as const;
