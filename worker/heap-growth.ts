// Owns how far the heap may grow between two full collections. Which memory is taken is others'.
import { setFlagsFromString } from 'node:v8';

/**
 * Twice what was alive after the last collection. Rows in flight lie outside the heap, and V8 counts them as growth of it:
 * left to itself it allows ten megabytes more than the 35 that are alive, which is a full collection for every ten thousand
 * rows, half of a delivering worker's time. Read at each collection, so it may be set once the process runs.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
