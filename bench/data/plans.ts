// Owns how the plans of the product's own statements are looked at: whether one reads a long table from end to end.
import type { Knex } from 'knex';
import type { Client } from 'pg';

/** A statement as it was sent. */
export interface Statement {
  readonly sql: string;
  readonly bindings: readonly unknown[];
}

export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

// Tables that grow with the runs there ever were.
const long = [
  'runs',
  'row_errors',
  'row_error_groups',
  'run_events',
  'run_phases',
  'journals',
  'journal_batches',
  'change_plans',
  'batches',
  'idempotency_keys',
  'alerts',
  'alert_events',
  'alert_deliveries',
  'alert_delivery_alerts',
  'alert_attempts',
];

// An index of what is open, or is still to be removed, may be read from end to end.
const short = [
  'runs_open',
  'batches_open',
  'runs_with_row_errors',
  'row_error_groups_due',
  'alerts_one_open',
  'alerts_of_workspace_open',
  'alert_deliveries_pending',
];

/** Every statement that `work` sends over `knex`. */
export async function sentBy(knex: Knex, work: () => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = [];
  const hear = ({ sql, bindings }: { sql: string; bindings?: unknown[] }): void => {
    if (/^[\s(]*(select|with|insert|update|delete)/i.test(sql)) sent.push({ sql, bindings: bindings ?? [] });
  };
  knex.on('query', hear);
  await work().finally(() => knex.removeListener('query', hear));
  return sent;
}

/** Every node of the plan the statement would be run by. */
export async function planOf(explainer: Client, { sql, bindings }: Statement): Promise<PlanNode[]> {
  const { rows } = await explainer.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `EXPLAIN (FORMAT JSON) ${sql}`,
    [...bindings],
  );
  const all = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(all)];
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => all(Plan)));
}

/** Whether the node reads a long table, or an index of one, from end to end. */
export function readsWhole(node: PlanNode): boolean {
  if (!long.includes(node['Relation Name'] ?? '')) return false;
  if (node['Node Type'] === 'Seq Scan') return true;
  const isIndexScan = node['Node Type'] === 'Index Scan' || node['Node Type'] === 'Index Only Scan';
  return isIndexScan && node['Index Cond'] === undefined && !short.includes(node['Index Name'] ?? '');
}
