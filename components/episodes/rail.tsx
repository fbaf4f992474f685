'use client';

import type { EpisodeView } from '@/lib/contract/episodes';
import classes from './episodes.module.css';
import { Mark } from './mark';

/** What people and releases did, below the axis of a chart. Times are milliseconds since 1970. */
export function Rail({ marks, from, to }: { marks: readonly EpisodeView[]; from: number; to: number }) {
  const shown = marks.filter(({ began }) => Date.parse(began) >= from && Date.parse(began) <= to);
  if (shown.length === 0) return null;
  return (
    <div className={classes.rail}>
      {shown.map((act) => (
        <Mark key={act.id} act={act} left={(Date.parse(act.began) - from) / Math.max(1, to - from)} />
      ))}
    </div>
  );
}
