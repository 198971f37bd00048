// Owns writing beside the reading: a few writes at once, the first failure of one ends it. What is written is the caller's.

/** Writes under way beside whoever makes what is written. */
export interface WriteBehind<Item> {
  /** Begins a write once there is room for it. Throws what an earlier one failed with, and begins none then. */
  add(item: Item): Promise<void>;
  /** Resolves when all that was begun is written; throws what one of them failed with. */
  finish(): Promise<void>;
}

/** At most `most` writes at once; each holds its item in memory. */
export function writeBehind<Item>(most: number, write: (item: Item) => Promise<void>): WriteBehind<Item> {
  const writing = new Set<Promise<void>>();
  let failed: { readonly error: unknown } | null = null;
  const throwFailed = (): void => {
    if (failed) throw failed.error;
  };
  return {
    async add(item) {
      throwFailed();
      while (writing.size >= most) {
        await Promise.race(writing);
        throwFailed();
      }
      const written: Promise<void> = write(item)
        .catch((error: unknown) => {
          failed ??= { error };
        })
        .finally(() => writing.delete(written));
      writing.add(written);
    },
    async finish() {
      await Promise.all(writing);
      throwFailed();
    },
  };
}
