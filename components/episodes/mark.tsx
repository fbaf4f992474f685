'use client';

import { Link } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import type { EpisodeView } from '@/lib/contract/episodes';
import classes from './episodes.module.css';
import { useEpisodeText } from './use-episode-text';

/** A moment on an axis of time, such as a release or a retry: a link to it where it has a page. @param left 0 to 1 */
export function Mark({ act, left }: { act: EpisodeView; left: number }) {
  const { textOf, subjectOf } = useEpisodeText();
  const format = useFormat();
  const { href } = subjectOf(act);
  const words = `${format.time(act.began)} ${textOf(act)}`;
  const style = { left: `${left * 100}%` };
  if (!href)
    return (
      <span
        role="img"
        className={classes.mark}
        data-mark={act.kind}
        style={style}
        title={words}
        aria-label={words}
      />
    );
  return (
    <Link
      className={classes.mark}
      data-mark={act.kind}
      style={style}
      href={href}
      title={words}
      aria-label={words}
    >
      {''}
    </Link>
  );
}
