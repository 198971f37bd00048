// Owns ending a walk over many pages as soon as its attempt is to stop. Where the pages come from is others'.

/** The items one by one; throws the signal's reason before the next one, or before their end, once it is aborted. */
export async function* untilAborted<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item> {
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
  }
  signal.throwIfAborted();
}
