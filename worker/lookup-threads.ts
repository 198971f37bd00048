// Owns how many name lookups this process can wait for at once. Which names are looked up is others' to say.

/**
 * Node has names looked up by libuv's threads, of which lookups get half: two of four. A name server that never answers holds
 * one for ten seconds and more, so the alert channels of two strangers would keep all runs of a worker from their
 * connections. Half of these are more than all calls a worker makes at once; one that waits costs some kilobytes. To be
 * called before the first lookup, which makes the threads. A figure that is set already stays.
 */
export function letLookupsWait(): void {
  process.env['UV_THREADPOOL_SIZE'] ??= '256';
}
