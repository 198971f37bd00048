// Builds the workflow bundle in a process of its own, so that its 150 MB are given back. Argument: the cache
// folder.
import { ensureWorkflowBundle } from '../worker/build-bundle';

const cacheFolder = process.argv[2];
if (cacheFolder === undefined) throw new Error('build-bundle needs the cache folder');

ensureWorkflowBundle(cacheFolder).then(
  (bundle) => process.send?.({ type: 'ready', ...bundle }, () => process.disconnect()),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
    if (process.connected) process.disconnect();
  },
);
