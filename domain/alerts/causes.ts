// Owns what an alert is put down to: those of one cause are told together.
import { failureTable, type FailureCode } from '../failure';
import type { AlertPlace } from './alert';
import type { AlertKind } from './rules';

/** A sync and the parts it is made of. */
export interface SyncParts {
  readonly id: string;
  readonly name: string;
  readonly source: AlertPlace;
  readonly model: AlertPlace;
  readonly destination: AlertPlace;
}

export interface AlertCause {
  /** `destination:dst_…:destination_auth_expired`. Alerts of one cause are of one kind. */
  readonly cause: string;
  /** Null: in no single place of the workspace. */
  readonly about: AlertPlace | null;
}

const liesIn: Readonly<Partial<Record<AlertKind, AlertPlace['kind']>>> = {
  error_rate: 'destination',
  error_rate_increase: 'destination',
  row_count_spike: 'source',
  row_count_drop: 'source',
};

/** What an alert of this kind is put down to; `code` is the failure of the run, if it failed. */
export function causeOf(kind: AlertKind, sync: SyncParts, code: FailureCode | null): AlertCause {
  const isFailure = code !== null && (kind === 'run_failed' || kind === 'consecutive_failures');
  const about = placeOf(isFailure ? failureTable[code].origin : liesIn[kind], sync);
  // Models of one source fail together: when it is moved, or what its user may read is cut. The model itself is named.
  const shared = about?.kind === 'model' ? sync.source : about;
  // Told apart from the failure itself, so that a message is about one kind.
  const what = !isFailure ? kind : kind === 'run_failed' ? code : `${code}:in_a_row`;
  return { cause: `${shared ? `${shared.kind}:${shared.id}` : 'workspace'}:${what}`, about };
}

function placeOf(origin: string | undefined, sync: SyncParts): AlertPlace | null {
  if (origin === 'source') return sync.source;
  if (origin === 'model') return sync.model;
  return origin === 'destination' ? sync.destination : null;
}
