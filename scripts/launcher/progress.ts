// Owns what the terminal shows while things start: one line a step, with a sign of life when a step takes long.

/** Says what is happening while it takes long. */
export type Say = (text: string) => void;

/** Prints steps as they end. */
export interface Progress {
  /** Runs a step: prints what it waits for when it takes long, and how it ended with the time it took. */
  step<T>(name: string, waitsFor: string, act: (say: Say) => Promise<{ text: string; value: T }>): Promise<T>;
  /** A line that belongs to a step but ends nothing. */
  note(name: string, text: string): void;
}

// Nobody wonders before two seconds have passed; after that a line every ten is enough.
const firstSignMs = 2000;
const nextSignMs = 10_000;
const nameWidth = 18;

/** Progress that writes lines with `print`. */
export function createProgress(print: (line: string) => void): Progress {
  const line = (mark: string, name: string, text: string) =>
    print(`  ${mark}  ${name.padEnd(nameWidth)}  ${text}`);
  return {
    note: (name, text) => line('·', name, text),
    async step(name, waitsFor, act) {
      const startedAt = Date.now();
      let lastSaidAt = startedAt - nextSignMs + firstSignMs;
      const sign = setInterval(() => {
        if (Date.now() - lastSaidAt < nextSignMs) return;
        lastSaidAt = Date.now();
        line('…', name, `${waitsFor} (${seconds(startedAt)})`);
      }, 500);
      const say: Say = (text) => {
        lastSaidAt = Date.now();
        line('…', name, text);
      };
      try {
        const { text, value } = await act(say);
        line('✓', name, `${text} (${seconds(startedAt)})`);
        return value;
      } finally {
        clearInterval(sign);
      }
    },
  };
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
