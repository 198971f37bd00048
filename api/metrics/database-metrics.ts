// Owns the measures that are read from the database, and that however many scrapes cost it next to nothing. What is read
// is the view's to say.
import { Gauge, type Registry } from 'prom-client';
import type { Measures } from '../../db/views/metrics-view';
import { alertKinds } from '../../domain/alerts/rules';
import { phases } from '../../domain/phase';
import { type RunOutcome, type RunStatus, runStatuses } from '../../domain/run';
import { within } from '../within';

/** Where the measures come from. */
export type ReadMeasures = () => Promise<Measures>;

// Ten seconds: scrapes come every fifteen, and several servers may scrape.
const leastAgeMs = 10_000;
// However long the history is, reading it takes two percent of the time at most.
const restPerRead = 50;
// A scrape gives up after ten seconds; until then others' measures are worth having without these.
const patienceMs = 3_000;

/** Gauges over all workspaces that are refreshed when they are asked for and old enough. */
export class DatabaseMetrics {
  private dueMs = -Infinity;
  private reading: Promise<void> | null = null;
  private readonly gauges: ReturnType<typeof makeGauges>;

  constructor(
    registry: Registry,
    private readonly read: ReadMeasures,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.gauges = makeGauges(registry);
  }

  /** Brings the gauges up to date when that is due. When the database does not answer they keep what they had. */
  async refresh(): Promise<void> {
    if (this.nowMs() >= this.dueMs) this.reading ??= this.readOnce().finally(() => (this.reading = null));
    if (this.reading) await within(patienceMs, this.reading);
  }

  private async readOnce(): Promise<void> {
    const startedMs = this.nowMs();
    try {
      this.show(await this.read());
      this.gauges.up.set(1);
    } catch {
      // The trouble is everybody's, and told by every other request.
      this.gauges.up.set(0);
    }
    const endedMs = this.nowMs();
    this.dueMs = endedMs + Math.max(leastAgeMs, (endedMs - startedMs) * restPerRead);
  }

  private show({ runs, queue, leases, waits, batches, alerts, deliveries }: Measures): void {
    const { gauges } = this;
    // Those that are gone are 0, not what they were.
    for (const status of runStatuses) {
      for (const outcome of outcomesOf[status]) {
        const found = runs.find((row) => row.status === status && row.outcome === outcome);
        gauges.runs.set({ status, outcome: outcome ?? 'none' }, found?.count ?? 0);
      }
    }
    gauges.queueLength.set(queue.length);
    gauges.queueAge.set(queue.oldestSeconds);
    gauges.leases.set(leases.held);
    gauges.leaseAge.set(leases.oldestSeconds);
    gauges.silence.set(leases.longestSilenceSeconds);
    for (const phase of phases)
      gauges.waits.set({ phase }, waits.find((row) => row.phase === phase)?.count ?? 0);
    gauges.batches.set({ state: 'planned' }, batches.planned);
    gauges.batches.set({ state: 'sent' }, batches.sent);
    for (const kind of alertKinds)
      gauges.alerts.set({ kind }, alerts.find((row) => row.kind === kind)?.count ?? 0);
    gauges.deliveries.set(deliveries.pending);
    gauges.deliveryAge.set(deliveries.oldestSeconds);
  }
}

// Which outcomes a status can have; the table's own rule (runs_outcome_fits_status) says the same.
const applied = ['nothing_applied', 'partial'] as const;
const outcomesOf: Readonly<Record<RunStatus, readonly (RunOutcome | null)[]>> = {
  queued: [null],
  running: [null],
  completed: ['no_changes', 'clean', 'with_row_errors', 'planned'],
  failed: applied,
  cancelled: applied,
};

function makeGauges(registry: Registry) {
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge<Label>({ name: `signalsmith_${name}`, help, labelNames, registers: [registry] });
  return {
    up: gauge('database_up', 'Whether the measures of the database could be read the last time.'),
    runs: gauge('runs', 'Runs that are kept, by status and outcome.', ['status', 'outcome']),
    queueLength: gauge('queued_runs', 'Runs that wait for those before them.'),
    queueAge: gauge('queue_oldest_seconds', 'How long the oldest of these has waited.'),
    leases: gauge('leases', 'Runs that have their sync to themselves.'),
    leaseAge: gauge('lease_oldest_seconds', 'The longest time one of these has had it.'),
    silence: gauge('run_silence_seconds', 'The longest time that a run at work was not heard of.'),
    waits: gauge('waiting_runs', 'Runs that wait out a limit or an outage, by phase.', ['phase']),
    batches: gauge('open_batches', 'Batches that are not answered, by state.', ['state']),
    alerts: gauge('open_alerts', 'Alerts that are not resolved, by the rule that opened them.', ['kind']),
    deliveries: gauge('pending_deliveries', 'Messages that alert channels are still to be told.'),
    deliveryAge: gauge('delivery_oldest_seconds', 'How long the oldest of these that is due has been due.'),
  };
}
