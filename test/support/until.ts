// Owns waiting for a fact in a test: asked for again and again, with a limit that says what it was. Judges nothing.

// Longer than anything here takes on a loaded machine, shorter than jest's own limit: the message then says what for.
const untilMs = 20_000;
const pollMs = 25;

/** Waits until `holds` gives something true, and returns it. */
export async function until<Found>(
  what: string,
  holds: () => Promise<Found> | Found,
): Promise<NonNullable<Found>> {
  for (const endsAt = Date.now() + untilMs; ;) {
    const found = await holds();
    if (found) return found;
    if (Date.now() > endsAt) throw new Error(`waited ${untilMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
