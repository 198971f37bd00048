// Gives tests the addresses of the real servers of this run. Starts nothing.
import type { KeeperReady } from '../../scripts/keeper';

export const serversVariable = 'SIGNALSMITH_TEST_SERVERS';

export interface TestServers {
  /** The superuser's connection to the maintenance database. */
  adminUrl: string;
  /** Database with all migrations, to be cloned, never used. */
  templateDatabase: string;
  /** host:port of the Temporal dev server; namespace "default". */
  temporalAddress: string;
  /** The prebuilt workflow bundle. */
  bundlePath: string;
}

/** The servers of this run. What could not be made throws when it is asked for, with the reason. */
export function testServers(): TestServers {
  const text = process.env[serversVariable];
  if (text === undefined)
    throw new Error('The test servers are started by jest.config.js; run the tests with jest.');
  const ready = JSON.parse(text) as KeeperReady;
  return {
    adminUrl: ready.adminUrl,
    temporalAddress: ready.temporalAddress,
    get templateDatabase() {
      if (ready.templateError !== null) throw new Error(`The migrations failed: ${ready.templateError}`);
      return ready.templateDatabase;
    },
    get bundlePath() {
      if (ready.bundleError !== null) throw new Error(`The workflow bundle failed: ${ready.bundleError}`);
      return ready.bundlePath;
    },
  };
}
