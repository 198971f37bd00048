// Owns what to do about an alert: for each failure and each rule, the most useful first.
import type { FailureCode } from '../failure';
import { type AnomalyKind, likelyCauses } from '../trends/anomaly';
import type { AlertKind } from './rules';

const ofFailure: Readonly<Record<FailureCode, readonly string[]>> = {
  source_connection_failed: [
    'Check that the source is up and can be reached from the worker.',
    'Check the host, port, user and password of the source.',
  ],
  model_query_failed: [
    'Run the SQL of the model in the warehouse: a table or column may have been changed or taken away.',
    'Check what the user of the source may read.',
  ],
  out_of_memory: [
    'Have the model read fewer or narrower rows.',
    'Give the worker more memory (SIEVE_MEMORY).',
  ],
  destination_auth_expired: [
    'Renew the credentials of the destination.',
    'Then run the sync again: nothing is lost meanwhile.',
  ],
  destination_unreachable: [
    'Check that the destination is up, and the status page of its provider.',
    'The next run sends what this one did not.',
  ],
  destination_misconfigured: [
    'Compare the mapping and the object of the sync with what the destination has.',
    'Check the settings of the destination.',
  ],
  rate_limit_exceeded: [
    'Run the sync less often, or at another time than others of this destination.',
    'Ask the provider of the destination for a higher limit.',
  ],
  snapshot_lost: ['Start a full resync if the destination can take every row again.'],
  retry_scope_lost: ['Start a run, or a full resync, instead of the retry.'],
  terminated_by_operator: [
    'Ask whoever terminated the workflow in Temporal; the next run goes on where it stopped.',
  ],
  timed_out: [
    'Look at the phases of the run for the one that took so long.',
    'Give the sync a larger budget if its runs have grown.',
  ],
  internal: ['Look at the run and at the log of the worker; its cause stands there.'],
};

const refusedRows = [
  'Look at the row errors of the run, grouped: mostly one field is behind most of them.',
  'Correct the mapping or the data, then retry the failed rows.',
];

const ofRule: Readonly<Record<Exclude<AlertKind, AnomalyKind>, readonly string[]>> = {
  run_failed: [],
  consecutive_failures: [],
  error_rate: refusedRows,
  run_late: [
    'Check that workers are running and that Temporal can be reached.',
    'Look at the runs of the sync: one before may take longer than its schedule leaves.',
  ],
  run_stuck: [
    'Look at the run in Temporal: the activity it waits for says what it last did.',
    'Check the source and the destination; cancel the run if it is of no use any more.',
  ],
  deletes_held: [
    'Check whether the rows are really gone from the model.',
    'If they are, start a run that allows deletes.',
  ],
  counter_mismatch: ['Please report it with the id of the run: this must not happen.'],
  schedule_paused: ['Resume the sync, or delete its schedule if it is not needed any more.'],
};

/** What to do; sentences. `code` is the failure of the run, if it failed. */
export function adviceFor(kind: AlertKind, code: FailureCode | null): readonly string[] {
  if (kind in likelyCauses)
    return likelyCauses[kind as AnomalyKind].map((cause) => `Possible cause: ${cause}.`);
  const known = ofRule[kind as keyof typeof ofRule];
  return known.length > 0 || code === null ? known : ofFailure[code];
}
