// Owns the pace of calls to one destination across all runs and workers: whose turn is when, and holds it asked for.
import type { Knex } from 'knex';
import { type FailureCode, isFailureCode } from '../domain/failure';

/** Calls are to be withheld, by the word of the destination: the failure it gave, and for how long from now. */
export interface PaceHold {
  readonly code: FailureCode;
  readonly forMs: number;
}

interface HoldRow {
  held_code: string | null;
  held_ms: number | null;
}

// By the database's clock, which is the same for all workers.
const holdColumns = `held_code, (extract(epoch FROM held_until - clock_timestamp()) * 1000)::float8 AS held_ms`;

/**
 * One destination's row of `destination_paces`: one short statement for each turn, none where nothing is limited. Time
 * that was set aside and not used is lost: a worker that dies takes a turn of each of its lanes with it, no more.
 */
export class DestinationPace {
  constructor(
    private readonly knex: Knex,
    private readonly workspaceId: string,
    private readonly destinationId: string,
  ) {}

  /** Sets `ms` aside, after what others have set aside and after a hold; gives the milliseconds until they begin. */
  async reserve(ms: number): Promise<{ startInMs: number; hold: PaceHold | null }> {
    const { rows } = await this.knex.raw<{ rows: [HoldRow & { start_in_ms: number }] }>(
      `INSERT INTO destination_paces AS pace (destination_id, workspace_id, free_at)
       VALUES (:destinationId, :workspaceId, clock_timestamp() + make_interval(secs => :seconds))
       ON CONFLICT (destination_id) DO UPDATE
         SET free_at = greatest(pace.free_at, pace.held_until, clock_timestamp()) + make_interval(secs => :seconds)
       RETURNING ${holdColumns}, (extract(epoch FROM free_at - make_interval(secs => :seconds) - clock_timestamp())
         * 1000)::float8 AS start_in_ms`,
      { ...this.ids, seconds: ms / 1000 },
    );
    return { startInMs: Math.max(0, rows[0].start_in_ms), hold: holdOf(rows[0]) };
  }

  /** Tells all workers of a hold; the one that ends last counts. */
  async hold({ code, forMs }: PaceHold): Promise<void> {
    await this.knex.raw(
      `INSERT INTO destination_paces AS pace (destination_id, workspace_id, free_at, held_until, held_code)
       VALUES (:destinationId, :workspaceId, clock_timestamp(), clock_timestamp() + make_interval(secs => :seconds), :code)
       ON CONFLICT (destination_id) DO UPDATE SET held_until = excluded.held_until, held_code = excluded.held_code
         WHERE pace.held_until IS NULL OR pace.held_until < excluded.held_until`,
      { ...this.ids, seconds: forMs / 1000, code },
    );
  }

  /** The hold that is on. */
  async held(): Promise<PaceHold | null> {
    const { rows } = await this.knex.raw<{ rows: HoldRow[] }>(
      `SELECT ${holdColumns} FROM destination_paces WHERE destination_id = :destinationId`,
      this.ids,
    );
    return rows[0] ? holdOf(rows[0]) : null;
  }

  private get ids(): { workspaceId: string; destinationId: string } {
    return { workspaceId: this.workspaceId, destinationId: this.destinationId };
  }
}

function holdOf({ held_code: code, held_ms: forMs }: HoldRow): PaceHold | null {
  if (code === null || forMs === null || forMs <= 0 || !isFailureCode(code)) return null;
  return { code, forMs };
}
