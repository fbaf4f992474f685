import { describe, expect, it } from 'vitest';
import { play, type Sequence } from './run';
import { KEEPING_UP } from './sequences/keeping-up';
import { MEASURING } from './sequences/measuring';
import { MEMBERS } from './sequences/members';
import { READABLE } from './sequences/readable';
import { STANDING } from './sequences/standing';
import { TRENDS } from './sequences/trends';

const ALL: [what: string, sequences: Sequence[]][] = [
  ['a group that keeps up', KEEPING_UP],
  ['a standstill', STANDING],
  ['a trend', TRENDS],
  ['members and positions', MEMBERS],
  ['what can be read', READABLE],
  ['what is not measured', MEASURING],
];
/** `npm run test:faults` plays each with more seeds. */
const SEEDS = process.env.FAULTS === 'long' ? 10 : 1;

for (const [what, sequences] of ALL)
  describe(`the judge sees ${what}`, () => {
    for (const sequence of sequences)
      it.each(Array.from({ length: SEEDS }, (_, index) => 7 + 1_009 * index))(
        `${sequence.name} (%i)`,
        (seed) => {
          const { errors, falseSeconds, flips } = play({ ...sequence, seed });
          expect({ errors, falseSeconds, flips }).toEqual({ errors: [], falseSeconds: 0, flips: 0 });
        },
      );
  });
