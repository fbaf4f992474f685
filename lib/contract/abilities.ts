import type { Abilities } from '@/lib/domain/operators/permissions';

/** An answer with what its reader may do: its own `can` where it has one, else what the role allows. */
export type WithAbilities<Answer> = Answer extends { can: object } ? Answer : Answer & { can: Abilities };
