import { newUuidV7 } from '@/lib/protocol/uuid';
import type { Episode, Figures, MovedPosition } from './episode';

/** Partitions that an episode names. */
const MAX_NAMED = 3;

/** Positions that moved: who did it, and where each is now. Offsets that are skipped and that are read again are sums. */
export interface Moved extends Pick<Figures['position_moved'], 'by' | 'move' | 'isPartly'> {
  partitions: readonly (MovedPosition & { skipped: number; repeated: number })[];
}

/** The episode of positions that moved at a moment. */
export function movedEpisode(group: string, at: number, { by, move, isPartly, partitions }: Moved): Episode {
  const id = newUuidV7(at);
  const sum = (field: 'skipped' | 'repeated') => partitions.reduce((total, item) => total + item[field], 0);
  return {
    id,
    kind: 'position_moved',
    subject: { group },
    figures: {
      ...{ by, move, isPartly },
      partitions: partitions
        .slice(0, MAX_NAMED)
        .map(({ topic, partition, from, to }) => ({ topic, partition, from, to })),
      more: Math.max(0, partitions.length - MAX_NAMED),
      skipped: sum('skipped'),
      repeated: sum('repeated'),
    },
    began: at,
    beganEarliest: at,
    ended: at,
    endedEarliest: at,
    missingSince: null,
    times: 1,
    causedBy: null,
    causedByRule: null,
    root: id,
    endReason: by === null ? 'recovered' : 'person',
    endedBy: by,
  };
}
