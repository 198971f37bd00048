// Owns how the versions of a sync look on the wire: who changed what and when.
import type { SyncVersionView } from '../../../db/views/sync-versions-view';
import type { SyncConfig } from '../../../domain/sync';
import { syncChanges } from '../../../domain/sync-changes';
import { wireTime } from '../../wire-time';
import { presentConfig } from '../presenter';

/** A version in the list: its changes, not the whole of it. */
export function presentVersion({ version, createdAt, createdBy, config, previous }: SyncVersionView): object {
  return {
    version,
    created_at: wireTime(createdAt),
    created_by: createdBy && { ...createdBy },
    changes: previous && presentChanges(previous, config),
  };
}

export function presentVersionDetail(view: SyncVersionView): object {
  return { ...presentVersion(view), ...presentConfig(view.config) };
}

function presentChanges(before: SyncConfig, after: SyncConfig): object {
  const { values, mapping } = syncChanges(before, after);
  return { values: values.map((value) => ({ ...value, member: snakeCase(value.member) })), mapping };
}

// Settings have the same names on the wire, in its own case.
function snakeCase(member: string): string {
  return member.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
