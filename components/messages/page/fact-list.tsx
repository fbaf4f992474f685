'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/components/ui/use-format';
import type { MessageStory } from '@/lib/contract/messages';
import classes from './message.module.css';

/** What each source reported, as it was reported. */
export function FactList({ story }: { story: MessageStory }) {
  const t = useTranslations('facts');
  const format = useFormat();
  const [open, setOpen] = useState<string | null>(null);
  return (
    <>
      <ul className={classes.attempts}>
        {story.facts.map(({ fact, source, receivedAt }) => (
          <li key={fact.factId}>
            <span className="num" title={format.stamp(fact.at)}>
              {format.time(fact.at, true)}
            </span>
            <span>
              <code>{fact.kind}</code> {fact.group ?? ''}{' '}
              <span className="quiet">{t('from', { source, time: format.time(receivedAt, true) })}</span>{' '}
              <button
                type="button"
                className="asLink"
                onClick={() => setOpen(open === fact.factId ? null : fact.factId)}
                aria-expanded={open === fact.factId}
              >
                {t(open === fact.factId ? 'hide' : 'show')}
              </button>
              {open === fact.factId ? (
                <pre className={classes.stack} tabIndex={0}>
                  {JSON.stringify(fact, null, 2)}
                </pre>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
      {story.factsCut ? <p className={classes.empty}>{t('cut', { count: story.facts.length })}</p> : null}
    </>
  );
}
