// Owns that a probe is made once however many ask for it: together, or soon after one another. Knows nothing of what it looks at.

// A second: orchestrators and balancers ask every few, so that each of them still hears of a change at its next look.
const keptMs = 1_000;

/** Gives everybody who asks while a look is under way, or within a second of its end, what that one look finds. */
export function sharedProbe<Found>(
  look: () => Promise<Found>,
  nowMs: () => number = () => performance.now(),
): () => Promise<Found> {
  let last: { readonly found: Promise<Found>; endedMs: number } | undefined;
  return () => {
    if (last && nowMs() < last.endedMs + keptMs) return last.found;
    const begun = { found: look(), endedMs: Infinity };
    last = begun;
    const end = (): void => void (begun.endedMs = nowMs());
    begun.found.then(end, end);
    return begun.found;
  };
}
