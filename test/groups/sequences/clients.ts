import type { Member, World } from '../world';

/** A client that commits every 5 s, as the Java consumer does by default. */
export function client(perSecond: number, more: Partial<Member> = {}): Member {
  return { id: 'client-1', partitions: [0], perSecond, commitEvery: 5, ...more };
}

export const SIX = [0, 1, 2, 3, 4, 5];

/** Records that were there ten minutes before the sequence begins. */
export const backlog =
  (count: number, partitions = [0]) =>
  (world: World): void => {
    for (const partition of partitions) world.write(partition, count, { at: -600 });
  };
