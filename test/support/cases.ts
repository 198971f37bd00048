// Owns how many random cases a property is held to, how long that may take, and from which seed. Knows no property.
import type * as fc from 'fast-check';

// Set by `npm run test:property`; else each property takes as many as a second or so allows.
const asked = process.env['PROPERTY_CASES'];
// The same seed gives the same cases again. fast-check tells it with every failure, and the path to the smallest one.
const seed = process.env['PROPERTY_SEED'];

// The dearest case, the one beside a full join in SQL, takes some five milliseconds: twenty times that on a machine
// that is busy with much else.
const caseLimitMs = 100;
// Four times what any other test has (jest.config.js): beside builds and servers on two cores a case of five milliseconds has
// taken 180.
const leastLimitMs = 120_000;
// fast-check has to end first: of a test that takes too long jest tells no seed.
const toTellMs = 5_000;

/** What a property is tried with. */
export interface RandomCases {
  /** Handed to `fc.assert`. */
  readonly options: Pick<
    fc.Parameters,
    'numRuns' | 'seed' | 'interruptAfterTimeLimit' | 'markInterruptAsFailure'
  > & { readonly numRuns: number };
  /** Handed to `jest.setTimeout`; grows with the number of cases. */
  readonly limitMs: number;
}

/** `usual` cases in `npm test`, as many as were asked for in `npm run test:property`. */
export function randomCases(usual: number): RandomCases {
  const numRuns = asked === undefined ? usual : Number(asked);
  const limitMs = Math.max(leastLimitMs, numRuns * caseLimitMs);
  return {
    options: {
      numRuns,
      ...(seed === undefined ? {} : { seed: Number(seed) }),
      interruptAfterTimeLimit: limitMs - toTellMs,
      markInterruptAsFailure: true,
    },
    limitMs,
  };
}
