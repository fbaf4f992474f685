import { seeded } from '@/lib/testing/facts';

const LONG = process.env.FAULTS === 'long';

/** How often a fault is made: a few times within `npm test`, as often as the design asks for in `npm run test:faults`. */
export function times(short: number, long: number): number {
  return LONG ? long : short;
}

/** The numbers of a run; `FAULTS_SEED` repeats one. A failing test names its seed. */
export const SEED = Number(process.env.FAULTS_SEED ?? 42);

/** A generator of its own for each test, so that one test's draws do not change another's. */
export function randomOf(test: number): () => number {
  return seeded(SEED * 1_000 + test);
}
