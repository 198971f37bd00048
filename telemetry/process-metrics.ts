// Owns the measures that every process has: memory, event loop, garbage collection, and its pool of database connections.
import type { Knex } from 'knex';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What the driver's pool tells of itself (tarn). */
interface Pool {
  numUsed(): number;
  numFree(): number;
  numPendingCreates(): number;
  numPendingAcquires(): number;
}

/** A registry with the measures of this process; of `knex` those of its pool. One for each process. */
export function processRegistry(knex: Knex): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addPoolMetrics(registry, knex);
  return registry;
}

/** Adds the connections of a pool, and how many callers wait for one. */
export function addPoolMetrics(registry: Registry, knex: Knex): void {
  const pool = (knex.client as { pool: Pool }).pool;
  const connections = new Gauge({
    name: 'signalsmith_db_connections',
    help: 'Connections of this process to our database, by what they are at.',
    labelNames: ['state'],
    registers: [],
    collect() {
      this.set({ state: 'used' }, pool.numUsed());
      this.set({ state: 'free' }, pool.numFree());
      this.set({ state: 'connecting' }, pool.numPendingCreates());
    },
  });
  const waiters = new Gauge({
    name: 'signalsmith_db_connection_waiters',
    help: 'Statements and transactions of this process that wait for a connection.',
    registers: [],
    collect() {
      this.set(pool.numPendingAcquires());
    },
  });
  for (const gauge of [connections, waiters]) registry.registerMetric(gauge);
}
