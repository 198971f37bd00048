// Owns the chaos suite as a command: which scenarios, one place for each, the table, the exit code. Does no harm itself.
import { ChaosPlace } from './place/chaos-place';
import { LedgerServer } from '../support/outside/row-ledger';
import type { ChaosResult, Scenario } from './chaos-result';
import { type JestProof, jestProofs, prove } from './jest-proofs';
import { type AuditedPayloads, auditPayloads, payloadResult } from './scenarios/payload-audit';
import { scenarios } from './scenarios';
import { seededRandom } from './place/seeded-random';

/**
 * Runs the scenarios of the named promises, or all; `--seed=n` repeats a run. Ends the process with 0 when every promise
 * held, 1 when not, 2 when it could not be tried.
 */
export function chaos(args: readonly string[]): void {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const known = [...new Set([...scenarios.flatMap(({ ids }) => ids), ...jestProofs.flatMap(promisedBy)])];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no scenario ${unknown.join(', ')}; there are ${known.join(', ')}.`);
    process.exit(2);
  }
  const wanted = scenarios.filter(({ ids }) => names.length === 0 || ids.some((id) => names.includes(id)));
  const given = args.find((arg) => arg.startsWith('--seed='))?.slice('--seed='.length);
  const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
  const proofs = jestProofs.filter(
    (proof) => names.length === 0 || promisedBy(proof).some((id) => names.includes(id)),
  );
  runAll(wanted, proofs, seed).then(
    (results) => {
      console.log(asMarkdown(results, seed));
      process.exit(results.every(({ ok }) => ok) ? 0 : 1);
    },
    (error: unknown) => {
      console.error(error);
      process.exit(2);
    },
  );
}

async function runAll(
  wanted: readonly Scenario[],
  proofs: readonly JestProof[],
  seed: number,
): Promise<ChaosResult[]> {
  console.error(`seed ${seed}`);
  const results: ChaosResult[] = [];
  const audits: AuditedPayloads[] = [];
  for (const scenario of wanted) {
    const { ids } = scenario;
    const startedMs = performance.now();
    try {
      const { found, audit } = await runOne(scenario, seed);
      results.push(...found);
      audits.push(audit);
    } catch (error) {
      // What could not be shown does not hold; the others are still worth trying.
      const seen = error instanceof Error ? error.message : String(error);
      results.push(
        ...ids.map((id) => ({ id, fault: '', expected: '', seen: `broke off: ${seen}`, ok: false })),
      );
    }
    console.error(`${ids.join(', ')} took ${secondsSince(startedMs)} s`);
    tell(results.slice(-ids.length));
  }
  if (audits.length > 0) results.push(payloadResult(audits));
  for (const proof of proofs) {
    const startedMs = performance.now();
    const proved = await prove(proof, seed);
    results.push(...proved);
    console.error(`${promisedBy(proof).join(', ')} took ${secondsSince(startedMs)} s`);
    tell(proved);
  }
  return results;
}

function promisedBy({ promises }: JestProof): string[] {
  return promises.map(({ id }) => id);
}

function secondsSince(startedMs: number): number {
  return Math.round((performance.now() - startedMs) / 1000);
}

function tell(results: readonly ChaosResult[]): void {
  for (const { id, ok, seen } of results) console.error(`  ${id} ${ok ? 'ok' : 'FAILED'}: ${seen}`);
}

async function runOne(
  scenario: Scenario,
  seed: number,
): Promise<{ found: ChaosResult[]; audit: AuditedPayloads }> {
  const place = await ChaosPlace.open({ workers: scenario.workers ?? 1 });
  const ledgers = await LedgerServer.start();
  const endAll = async (): Promise<void> => {
    await place.close();
    await ledgers.close();
  };
  const giveUp = (): void => void endAll().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, giveUp);
  try {
    const say = (text: string): void => console.error(`  ${scenario.ids.join(',')}: ${text}`);
    const found = await scenario.run({ place, ledgers, form: 'full', random: seededRandom(seed), say });
    return { found, audit: await auditPayloads(place) };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, giveUp);
    await endAll();
  }
}

function asMarkdown(results: readonly ChaosResult[], seed: number): string {
  // D2 before D10; what proves the same promise stays in the order it was run in.
  const inOrder = results.toSorted((one, other) => one.id.localeCompare(other.id, 'en', { numeric: true }));
  const lines = inOrder.map(
    ({ id, fault, expected, seen, ok }) =>
      `| ${id} | ${cell(fault)} | ${cell(expected)} | ${cell(seen)} | ${ok ? 'holds' : '**fails**'} |`,
  );
  return [
    '| id | fault | expected | seen | verdict |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
    `Seed ${seed}.`,
  ].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
