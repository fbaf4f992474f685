'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Copy } from '@/components/ui/copy';
import type { FailureView } from '@/lib/contract/failures';
import { shortPlaces } from '@/lib/domain/failures/stack';
import classes from './failures.module.css';

/** The error and the frames that its members share; those of libraries are folded away. */
export function Cause({ failure }: { failure: FailureView }) {
  const t = useTranslations('failures');
  const [open, setOpen] = useState(false);
  const own = failure.frames.filter((frame) => frame.own);
  const libraries = failure.frames.length - own.length;
  const shown = open || own.length === 0 ? failure.frames : own;
  const places = shortPlaces(shown);
  const text = `${failure.error ?? t('noError')}: ${failure.message ?? ''}`;
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>{t('cause')}</h2>
        <span className="quiet">{t('same', { count: failure.compared })}</span>
      </div>
      <div className={classes.cause}>
        <b>{failure.error ?? t('noError')}</b>: {failure.message} <Copy value={text} what={t('copyError')} />
      </div>
      {failure.compared > 0 && failure.frames.length === 0 ? (
        <p className={classes.began}>{t('noFrames')}</p>
      ) : null}
      <ol className={classes.frames}>
        {shown.map((frame, at) => (
          <li key={at} data-own={frame.own}>
            <span>{frame.what}</span>
            <span className="quiet" title={frame.where ?? undefined}>
              {places[at]}
            </span>
          </li>
        ))}
        {libraries > 0 && own.length > 0 ? (
          <li data-own="false">
            <span>{t('libraries', { count: libraries })}</span>
            <Button variant="subtle" size="compact-xs" onClick={() => setOpen(!open)}>
              {t(open ? 'hide' : 'show')}
            </Button>
          </li>
        ) : null}
      </ol>
    </section>
  );
}
