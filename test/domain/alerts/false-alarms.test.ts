// How often the anomaly rules raise an alert of a steady sync, and how often a change is told at the very run it comes with:
// run by run, each by what the judge would read of those before it. Measured, printed, and held to a bound.
import { judgeRun } from '../../../domain/alerts/judge-run';
import { type AlertKind, anomalyRules, defaultRules } from '../../../domain/alerts/rules';
import { judgeLast } from '../../../domain/trends/judge-last';
import { seededRandom } from '../../chaos/place/seeded-random';
import { randomCases } from '../../support/cases';
import {
  aHistory,
  type CadenceName,
  cadences,
  changes,
  dayMs,
  type MadeRun,
  steadyShapes,
} from '../trends/histories';
import { facts, usersToCrm } from './an-alert';

const days = 90;
const months = 3;
const usual = 200;
const cases = randomCases(usual);
const { numRuns, seed = 20_260_310 } = cases.options;
const isThorough = numRuns > usual;
jest.setTimeout(cases.limitMs);

// Each run is judged by all of eight weeks before it: the more often it runs, the dearer the history.
const histories: Readonly<Record<CadenceName, number>> = isThorough
  ? { daily: 50, hourly: 3, 'every 15 minutes': 1 }
  : { daily: 5, hourly: 0, 'every 15 minutes': 0 };
const cadenceNames = (Object.keys(cadences) as CadenceName[]).filter((name) => histories[name] > 0);
const names = Object.keys(steadyShapes) as (keyof typeof steadyShapes)[];
const kinds = Object.keys(changes) as (keyof typeof changes)[];
// So many runs of a history are asked what they would be with a change.
const asked = 20;

const printed: string[] = [];

/** What came of a rule with runs of one cadence, over all shapes. */
interface Measured {
  syncs: number;
  falseAlerts: number;
  /** Of the sync that had most. */
  most: number;
  changes: number;
  /** Of the changes, those whose alert was opened at the run they came with. */
  opened: number;
}
const measured = new Map(
  cadenceNames.map((cadence) => [
    cadence,
    new Map(
      kinds.map((kind): [AlertKind, Measured] => [
        kind,
        { syncs: 0, falseAlerts: 0, most: 0, changes: 0, opened: 0 },
      ]),
    ),
  ]),
);
const ofRule = (cadence: CadenceName, kind: AlertKind): Measured =>
  measured.get(cadence)?.get(kind) as Measured;

afterAll(() => {
  for (const [cadence, rules] of measured)
    for (const [kind, { syncs, falseAlerts, most, changes: made, opened }] of rules)
      printed.push(
        `${cadence}, ${kind}: ${(falseAlerts / syncs / months).toFixed(3)} false alerts for each sync and month, ${(most / months).toFixed(2)} at worst (${syncs} syncs); ${((opened / made) * 100).toFixed(1)} % of ${made} changes opened it at once`,
      );
  console.info([`seed ${seed}`, ...printed].join('\n'));
});

const memoryMs = 56 * dayMs;
const mostDirect = 2_016;
const hourMs = 3_600_000;

/** What the judge reads before the run at `place` (db/views/insights/comparable-runs-view, runsBefore). */
function before(runs: readonly MadeRun[], place: number) {
  const at = runs[place]?.startedAt ?? 0;
  let from = place;
  while (from > 0 && (runs[from - 1]?.startedAt ?? 0) >= at - memoryMs) from -= 1;
  const all = runs.slice(from, place);
  if (all.length <= mostDirect) return { earlier: all, previous: null };
  const hourOf = (run: MadeRun | undefined) =>
    Math.floor(((run?.startedAt ?? 0) + (run?.durationMs ?? 0)) / hourMs);
  const earlier = all.filter((run, index) => hourOf(run) !== hourOf(all[index - 1]));
  return { earlier, previous: all.at(-1) ?? null };
}

/** The anomaly alerts that the run opens, and resolves. */
function judge(runs: readonly MadeRun[], run: MadeRun, open: ReadonlySet<AlertKind>) {
  const { durationMs, rowsProcessed, rowsFailed } = run;
  const ended = facts({ durationMs, rowsProcessed, rowsFailed });
  const transitions = judgeRun({
    sync: usersToCrm,
    run: { ...ended, kind: 'normal', retryOf: null, retryScope: null, counterMismatch: 0, heldDeletes: 0 },
    rules: defaultRules,
    open: new Map([...open].map((kind) => [kind, null])),
    failuresInARow: 0,
    trends: judgeLast(before(runs, run.place), run),
  });
  const of = (what: string) =>
    transitions.flatMap((each) => (each.what === what && isAnomaly(each.kind) ? [each.kind] : []));
  return { opened: of('open'), resolved: of('resolve') };
}

function isAnomaly(kind: AlertKind): boolean {
  return (anomalyRules as readonly AlertKind[]).includes(kind);
}

describe.each(cadenceNames)('runs %s', (cadence) => {
  const made = (name: keyof typeof steadyShapes) =>
    Array.from({ length: histories[cadence] }, (_, at) =>
      aHistory(steadyShapes[name], cadence, days, seededRandom(seed + at)),
    );

  test.each(names)('%s: at most one false alert for each sync and month', (name) => {
    const counts = made(name).map((runs) => {
      const open = new Set<AlertKind>();
      const alerts: AlertKind[] = [];
      for (const run of runs) {
        const { opened, resolved } = judge(runs, run, open);
        for (const kind of resolved) open.delete(kind);
        for (const kind of opened) open.add(kind);
        alerts.push(...opened);
      }
      for (const kind of kinds) {
        const rule = ofRule(cadence, kind);
        const count = alerts.filter((each) => each === kind).length;
        rule.syncs += 1;
        rule.falseAlerts += count;
        rule.most = Math.max(rule.most, count);
      }
      return alerts.length;
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length / months;
    const worst = Math.max(...counts) / months;
    printed.push(
      `${cadence}, ${name}: ${mean.toFixed(2)} false alerts a month, ${worst.toFixed(2)} at worst (${counts.length} syncs)`,
    );
    expect(worst).toBeLessThanOrEqual(1);
  });

  test.each(names)('%s: a change opens its alert at the run it comes with', (name) => {
    const found = new Map(kinds.map((kind) => [kind, 0]));
    let runsAsked = 0;
    for (const runs of made(name)) {
      const half = Math.floor(runs.length / 2);
      const step = Math.max(1, Math.floor((runs.length - half) / asked));
      for (const run of runs.slice(half).filter((_, at) => at % step === 0)) {
        runsAsked += 1;
        for (const kind of kinds)
          if (judge(runs, changes[kind](run), new Set()).opened.includes(kind))
            found.set(kind, (found.get(kind) ?? 0) + 1);
      }
    }
    for (const [kind, count] of found) {
      const rule = ofRule(cadence, kind);
      rule.changes += runsAsked;
      rule.opened += count;
    }
    const shares = [...found].map(([kind, count]) => ({ kind, share: count / runsAsked }));
    const told = shares.map(({ kind, share }) => `${kind} ${(share * 100).toFixed(1)} %`);
    printed.push(`${cadence}, ${name}: opened ${told.join(', ')} (${runsAsked} runs)`);
    for (const { share } of shares) expect(share).toBeGreaterThanOrEqual(0.9);
  });
});
