'use client';

import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import { NotReadYet } from '@/components/page/not-read-yet';
import { isAllRead } from '@/lib/domain/workers/reading';
import { Skeletons, State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useSearch } from '@/lib/client/use-messages';
import { isUuidV7, shortId, timeOfUuidV7 } from '@/lib/protocol/uuid';

/** The page of an unknown id: what was searched and what was not, whether it is older than the retention, and similar ids. */
export function NotFound({ id }: { id: string }) {
  const t = useTranslations('notFound');
  const format = useFormat();
  const { data } = useSearch(id);
  if (!data) return <Skeletons rows={4} label={t('looking')} />;
  const { from, indexed, notIndexed, notRead } = data.searched;
  const near = [...data.hits, ...data.similar];
  const madeAt = isUuidV7(id) ? new Date(timeOfUuidV7(id)).toISOString() : null;
  const isOver = madeAt !== null && from !== null && madeAt.slice(0, 10) < from;
  return (
    <State
      isPage
      title={t('title', { id: shortId(id) })}
      action={
        notIndexed > 0 ? (
          <Link href="/topics?indexed=no">{t('index', { count: notIndexed })}</Link>
        ) : (
          <Link href="/messages">{t('toList')}</Link>
        )
      }
    >
      <p>
        {t('searched', { from: from ?? '–', indexed, isAll: String(isAllRead(notRead)) })}{' '}
        <NotReadYet notRead={notRead} />
        {t('notSearched', { count: notIndexed })}
      </p>
      {isOver ? <p>{t('over', { date: madeAt.slice(0, 10), from })}</p> : null}
      {near.map((hit) => (
        <p key={hit.id}>
          {differs(id, hit.id) === 1 ? t('oneOff') : t('looksLike')}{' '}
          <Link href={`/messages/${hit.id}`} className="mono">
            {hit.id}
          </Link>{' '}
          ({hit.type ?? t('noType')}, {format.time(hit.at)})
        </p>
      ))}
    </State>
  );
}

/** In how many places two ids differ. */
function differs(a: string, b: string): number {
  return [...a].filter((letter, at) => letter.toLowerCase() !== b[at]?.toLowerCase()).length;
}
