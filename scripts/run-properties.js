/* `npm run test:property [-- path…]`: every property, with ten thousand random cases each. Owns none of them. */
'use strict';

require('./require-node');

// Found by what they ask for their number of cases: a list of them could fall behind. The random runs that wait for commits
// are not among them; the chaos suite plays ten thousand of those (D16).
const asksForCases = 'test/support/cases.ts';
const cases = process.env.PROPERTY_CASES || '10000';
// The same number gives every property the same cases again.
const seed = process.env.PROPERTY_SEED || String(Date.now() % 1_000_000);

console.log(`PROPERTY_CASES=${cases} PROPERTY_SEED=${seed}`);
Object.assign(process.env, { PROPERTY_CASES: cases, PROPERTY_SEED: seed });
if (process.argv.length === 2) process.argv.push('--findRelatedTests', asksForCases);
require('./run-tests');
