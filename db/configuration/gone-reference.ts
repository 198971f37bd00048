// Owns how a reference to something that was deleted meanwhile is recognised. Does not check other constraints.

const foreignKeyViolation = '23503';

/** What the refused row refers to and is not there any more; null when the error is about something else. */
export function goneReference(error: unknown): 'source' | 'model' | 'destination' | null {
  const { code, constraint = '' } = error as { code?: string; constraint?: string };
  if (code !== foreignKeyViolation) return null;
  const what = /^(?:models|syncs)_(source|model|destination)_alive$/.exec(constraint)?.[1];
  return (what as 'source' | 'model' | 'destination' | undefined) ?? null;
}
