// Owns how the versions of a sync look on the wire: who changed what and when.
import type { SyncVersionView } from '../../../db/views/sync-versions-view';
import { type ConfigChange, changesBetween } from '../../../domain/sync-changes';
import { pointerOf } from '../../middleware/validate';
import { wireTime } from '../../wire-time';
import { presentConfig } from '../presenter';

/** A version in the list: its changes, not the whole of it. */
export function presentVersion({ version, createdAt, createdBy, config, previous }: SyncVersionView): object {
  return {
    version,
    created_at: wireTime(createdAt),
    created_by: createdBy && { ...createdBy },
    changes: previous ? changesBetween(previous, config).map(presentChange) : [],
  };
}

export function presentVersionDetail(view: SyncVersionView): object {
  return { ...presentVersion(view), ...presentConfig(view.config) };
}

function presentChange(change: ConfigChange): object {
  const { path, before, after } = change;
  const pointer = pointerOf(path.map(snakeCase));
  return 'column' in change
    ? { pointer, column: change.column, before: [...change.before], after: [...change.after] }
    : { pointer, before, after };
}

// Settings have the same names on the wire, in its own case.
function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
