// Owns the ETags of syncs: what is shown decides, so whatever changes an answer changes its tag.
import { createHash } from 'node:crypto';
import type { StoredSync } from '../../db/configuration/sync-store';
import type { RunView } from '../../db/views/run-view';
import { assertIfMatch } from '../if-match';
import { presentRun } from '../runs/presenter';
import { presentSync } from './presenter';

/** Of a sync with its newest run. The part before the dot is the sync's own, which is what can be changed. */
export function etagOfDetail(sync: StoredSync, lastRun: RunView | null): string {
  return `${digestOf(presentSync(sync))}.${lastRun ? digestOf(presentRun(lastRun)) : 'none'}`;
}

/** As assertIfMatch, for a change of the sync: runs that came and went since it was read are no reason to refuse it. */
export function assertSyncMatch(header: string, sync: StoredSync): void {
  assertIfMatch(header.replaceAll(/\.[\w-]+"/g, '"'), digestOf(presentSync(sync)));
}

// 132 bits of it: nobody meets two states with one tag.
function digestOf(shown: object): string {
  return createHash('sha256').update(JSON.stringify(shown)).digest('base64url').slice(0, 22);
}
