'use client';

import { useFormatter, useTranslations } from 'next-intl';
import { ApiError } from '@/lib/client/api';
import type { SearchAnswer } from '@/lib/contract/search';
import { Link } from '@/components/page/link';
import { NotReadYet } from '@/components/page/not-read-yet';
import { isAllRead } from '@/lib/domain/workers/reading';
import { Problem } from '@/components/page/problem';

/** Last line of the palette: what was and was not searched, or why nothing was. */
export function PaletteFoot({
  text,
  answer,
  busy,
  error,
  onClose,
}: {
  text: string;
  answer: SearchAnswer | undefined;
  busy: boolean;
  error: Error | null;
  onClose: () => void;
}) {
  const t = useTranslations('palette');
  const format = useFormatter();
  if (text.trim() === '') return <>{t('hint')}</>;
  if (error) {
    return (
      <>
        {error instanceof ApiError && error.code === 'invalid_input' ? (
          <Problem error={error} />
        ) : (
          t('failed')
        )}
      </>
    );
  }
  if (!answer) return <>{busy ? t('searching') : ''}</>;
  const { searched } = answer;
  const known = answer.hits.length + answer.groups.length + answer.topics.length + answer.failures.length > 0;
  return (
    <>
      {known ? null : <strong>{t('notFound', { text: text.trim().slice(0, 80) })} </strong>}
      {t('searched', {
        what: format.list(searched.what.map((item) => t(`what.${item}`))),
        isAll: String(searched.looked === null && isAllRead(searched.notRead)),
        from: searched.from ?? t('theBegin'),
        milliseconds: searched.milliseconds,
      })}{' '}
      {searched.looked === null ? null : `${t('looked', { count: searched.looked })} `}
      {searched.idsLooked === null ? null : `${t('idsLooked', { count: searched.idsLooked })} `}
      <NotReadYet notRead={searched.notRead} />
      {t('notIndexed', { count: searched.notIndexed })}{' '}
      {searched.notIndexed > 0 ? (
        <Link className="inText" href="/topics?indexed=no" onClick={onClose}>
          {t('indexThem')}
        </Link>
      ) : null}{' '}
      {!known && answer.similar.length > 0 ? t('similar', { count: answer.similar.length }) : null}
    </>
  );
}
