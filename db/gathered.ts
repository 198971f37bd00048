// Owns asking for many callers at once what costs a round trip each. Knows nothing of what is asked.

/**
 * A function that asks for its item at once, or, while a question is under way, with all others that come meanwhile in the
 * next one: no answer is older than its question. The next one waits `longestWaitMs` at most, so that one that hangs holds
 * up nobody else. `ask` answers in the order of its items; when it fails, it fails for all of them.
 */
export function gathered<Item, Answer>(
  ask: (items: readonly Item[]) => Promise<readonly Answer[]>,
  longestWaitMs: number,
): (item: Item) => Promise<Answer> {
  interface Waiting {
    readonly item: Item;
    readonly resolve: (answer: Answer) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;

  async function askForAll(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const taken = waiting;
    waiting = [];
    if (taken.length === 0) return;
    underWay += 1;
    try {
      const answers = await ask(taken.map(({ item }) => item));
      for (const [at, { resolve }] of taken.entries()) resolve(answers[at] as Answer);
    } catch (error) {
      for (const { reject } of taken) reject(error);
    } finally {
      underWay -= 1;
      void askForAll();
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (underWay === 0) void askForAll();
      else timer ??= setTimeout(() => void askForAll(), longestWaitMs);
    });
}
