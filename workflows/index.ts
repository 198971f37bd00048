// The bundle's entry: exports workflows only.
export { deliverAlerts } from './deliver-alerts';
export { inspect } from './inspect';
export { syncRun } from './sync-run';
