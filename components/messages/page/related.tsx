'use client';

import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import { Problem } from '@/components/page/problem';
import { Skeletons } from '@/components/ui/state';
import { NO_FILTERS, queryOf, useMessages, type MessageFilters } from '@/lib/client/use-messages';
import type { MessageStory } from '@/lib/contract/messages';
import classes from './message.module.css';
import { MessageTable } from '../list/message-table';

/** Messages of the same trace, and messages with the same key: what led to this one, and what came of it. */
export function Related({ story }: { story: MessageStory }) {
  const t = useTranslations('related');
  if (story.traceId === null && story.key === null) return <p className={classes.empty}>{t('none')}</p>;
  return (
    <>
      {story.traceId === null ? null : (
        <Others id={story.id} title={t('trace')} filters={{ ...NO_FILTERS, q: story.traceId }} />
      )}
      {story.key === null ? null : (
        <Others
          id={story.id}
          title={t('key', { key: story.key })}
          filters={{ ...NO_FILTERS, key: story.key }}
        />
      )}
    </>
  );
}

function Others({ id, title, filters }: { id: string; title: string; filters: MessageFilters }) {
  const t = useTranslations('related');
  const { data, error } = useMessages(filters);
  const others = data?.rows.filter((row) => row.id !== id) ?? [];
  const query = queryOf(filters);
  return (
    <section aria-label={title}>
      <div className="panelHead">
        <h3 className={classes.relatedTitle}>{title}</h3>
        <Link href={`/messages?${query}`}>{t('all')}</Link>
      </div>
      {error ? <Problem error={error} /> : null}
      {!data && !error ? <Skeletons rows={3} label={title} /> : null}
      {data && others.length === 0 ? <p className={classes.empty}>{t('noOthers')}</p> : null}
      {others.length > 0 ? <MessageTable rows={others} group={null} hasHotkeys={false} /> : null}
    </section>
  );
}
