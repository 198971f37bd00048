// Owns how the configuration a run worked with looks on the wire, and what changed in it since the run before.
import type { ChangesSince, RunDetailView } from '../../db/views/run-detail-view';
import { type ConfigurationMember, configurationMembers } from '../../domain/configuration-changes';

/** `settings.maxRows` is `settings.max_rows` on the wire. */
function wireMember(member: ConfigurationMember): string {
  return member.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export const wireMembers: readonly string[] = configurationMembers.map(wireMember);

export function presentConfiguration({ syncVersion, modelVersion, changes }: RunDetailView): object {
  return {
    sync_version: syncVersion,
    model_version: modelVersion,
    changed_since_previous: changes && presentChanges(changes),
  };
}

function presentChanges({ previousRunId, members, mapping }: ChangesSince): object {
  return {
    previous_run_id: previousRunId,
    members: members.map(wireMember),
    mapping: {
      added: mapping.added.map(({ column, field }) => ({ column, field })),
      removed: mapping.removed.map(({ column, field }) => ({ column, field })),
      changed: mapping.changed.map(({ column, from, to }) => ({ column, from, to })),
      reordered: mapping.isReordered,
    },
    sql_changed: members.includes('sql'),
    row_key_changed: members.includes('rowKey'),
  };
}
