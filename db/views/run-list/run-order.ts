// Owns the orders runs are listed in: by what, what tells equal ones apart, and how a list goes on from a run's place.
import type { Knex } from 'knex';
import type { WalkPlace } from '../../page';
import { startOrder } from './run-filter';

export const runSortKeys = ['queued_at', 'started_at', 'duration', 'rows_failed'] as const;
export type RunSortKey = (typeof runSortKeys)[number];

export interface RunOrder {
  readonly by: RunSortKey;
  readonly descending: boolean;
}

/** The order runs came in, the last one first. */
export const newestFirst: RunOrder = { by: 'queued_at', descending: true };

/**
 * A run's place in an order: what it is sorted by as a whole number (times and durations in microseconds, as exact as
 * Postgres has them), and what tells it from others with the same. A mark stays good when its run has gone.
 */
export type RunMark = readonly [value: number, run: number | string];

/** SQL of one order; `?` takes a part of a mark. */
interface SortSql {
  readonly expression: string;
  readonly asNumber: string;
  readonly fromNumber: string;
}

const microseconds = `?::bigint * interval '1 microsecond'`;

function byTime(expression: string): SortSql {
  return {
    expression,
    asNumber: `(extract(epoch FROM ${expression}) * 1000000)::bigint`,
    fromNumber: `'epoch'::timestamptz + ${microseconds}`,
  };
}

function byNumber(expression: string): SortSql {
  return { expression, asNumber: expression, fromNumber: '?::bigint' };
}

// A run that has not ended has taken less time than any that has.
const duration = `coalesce(completed_at - started_at, interval '-1 microsecond')`;

const sortSql: Record<RunSortKey, SortSql> = {
  queued_at: byTime('queued_at'),
  started_at: byTime(startOrder),
  duration: { ...byTime(duration), fromNumber: microseconds },
  rows_failed: byNumber('rows_failed'),
};

/** What the order is over: the runs of one sync, or of all. */
export interface OrderSql {
  /** Column that names a run among those listed, and tells runs with equal values apart. */
  readonly locator: 'queue_no' | 'id';
  /** The columns of a mark. */
  readonly markColumns: string;
  /** ORDER BY of a walk. */
  orderBy(way: WalkPlace<RunMark>['way']): string;
  /** Adds the condition that a row comes where the walk goes. */
  goOnFrom(matching: Knex.QueryBuilder, place: WalkPlace<RunMark>): void;
}

/** Within one sync the queue's own numbers are the order runs came in, whatever clocks say. */
export function orderSql(order: RunOrder, isOfOneSync: boolean): OrderSql {
  const locator = isOfOneSync ? 'queue_no' : 'id';
  const isByQueue = isOfOneSync && order.by === 'queued_at';
  const { expression, asNumber, fromNumber } = isByQueue ? byNumber('queue_no') : sortSql[order.by];
  const isDescending = (way: WalkPlace<RunMark>['way']): boolean => order.descending === (way === 'after');
  return {
    locator,
    markColumns: `${asNumber} AS sort_value, ${locator} AS sort_run`,
    orderBy(way) {
      const direction = isDescending(way) ? 'DESC' : 'ASC';
      return isByQueue ? `queue_no ${direction}` : `${expression} ${direction}, ${locator} ${direction}`;
    },
    goOnFrom(matching, { way, mark }) {
      if (!mark) return;
      const sign = isDescending(way) ? '<' : '>';
      if (isByQueue) void matching.whereRaw(`queue_no ${sign} ${fromNumber}`, [mark[0]]);
      // Compared as one value, which is what lets an index begin right at the place.
      else void matching.whereRaw(`(${expression}, ${locator}) ${sign} (${fromNumber}, ?)`, [...mark]);
    },
  };
}
