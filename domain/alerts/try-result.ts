// Owns the words for what a try of a message came to, as measures count it. What follows from it is not decided here.

/**
 * All but the first three are tried again, unless the message's time is over. limited: asked to wait. no_answer: not reached,
 * cut off, or not to be called at all. trouble: any other answer.
 */
export const tryResults = [
  'delivered',
  'refused',
  'gone',
  'limited',
  'timeout',
  'no_answer',
  'trouble',
] as const;
export type TryResult = (typeof tryResults)[number];

/** What became of a try; as connectors say it. */
export interface JudgedTry {
  readonly verdict: 'accepted' | 'refused' | 'gone' | 'trouble';
  readonly httpStatus: number | null;
  readonly error: string | null;
}

export function tryResultOf({ verdict, httpStatus, error }: JudgedTry): TryResult {
  if (verdict === 'accepted') return 'delivered';
  if (verdict !== 'trouble') return verdict;
  if (httpStatus === null) return error === 'timeout' ? 'timeout' : 'no_answer';
  return httpStatus === 429 ? 'limited' : 'trouble';
}
