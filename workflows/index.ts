// The bundle's entry: exports workflows only.
export { inspect } from './inspect';
export { syncRun } from './sync-run';
