// Owns the ETags of syncs and of their schedules: what is shown decides, so whatever changes an answer changes its tag.
import type { SeenSchedule } from '../../db/configuration/schedule-store';
import type { StoredSync } from '../../db/configuration/sync-store';
import type { RunView } from '../../db/views/run-view';
import { preconditionFailed } from '../errors';
import { assertIfMatch } from '../configuration/if-match';
import { printOf } from '../print-of';
import { presentRun } from '../runs/presenter';
import { presentSync } from './presenter';
import { presentCadence } from './schedule/presenter';

/** Of a sync with its newest run. The part before the dot is the sync's own, which is what can be changed. */
export function etagOfDetail(sync: StoredSync, lastRun: RunView | null): string {
  return `${digestOf(presentSync(sync))}.${lastRun ? digestOf(presentRun(lastRun)) : 'none'}`;
}

/** As assertIfMatch, for a change of the sync: runs that came and went since it was read are no reason to refuse it. */
export function assertSyncMatch(header: string, sync: StoredSync): void {
  assertIfMatch(withoutMoving(header), digestOf(presentSync(sync)));
}

/** Of a schedule as `shown`. The part before the dot is of what can be changed; its next times and last slots move by themselves. */
export function etagOfSchedule(seen: SeenSchedule, shown: object): string {
  return `${digestOfSchedule(seen)}.${digestOf(shown)}`;
}

/** For a change of the schedule; null: there is none. Without the header there is no condition. */
export function assertScheduleMatch(header: string, current: SeenSchedule | null): void {
  if (header === '') return;
  if (!current) throw preconditionFailed();
  assertIfMatch(withoutMoving(header), digestOfSchedule(current));
}

function withoutMoving(header: string): string {
  return header.replaceAll(/\.[\w-]+"/g, '"');
}

function digestOfSchedule({ schedule, overlapPolicy }: SeenSchedule): string {
  return digestOf({ ...presentCadence(schedule), overlapPolicy });
}

function digestOf(shown: object): string {
  return printOf(JSON.stringify(shown));
}
