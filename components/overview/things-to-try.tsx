'use client';

import { IconChevronDown, IconChevronRight, IconCircle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { Link } from '@/components/page/link';
import { foldDemo, tickDemoStep, useDemo, useDemoProgress } from '@/lib/client/use-demo';
import type { OverviewView } from '@/lib/contract/overview';
import classes from './things-to-try.module.css';

/** In the demo only: five things to try, beside the page and never over it. They tick themselves off. */
export function ThingsToTry({ overview }: { overview: OverviewView }) {
  const t = useTranslations('demo');
  const { data } = useDemo();
  const { done, isFolded } = useDemoProgress();
  const isUnplugged = overview.needs.some(
    ({ kind, subject }) => kind === 'no_members' && subject === 'payment',
  );
  useEffect(() => {
    if (isUnplugged) tickDemoStep('plug');
  }, [isUnplugged]);
  if (!data?.things) return null;
  const Chevron = isFolded ? IconChevronRight : IconChevronDown;
  return (
    <aside className={`panel ${classes.things}`} aria-label={t('title')}>
      <h2>
        <button type="button" aria-expanded={!isFolded} onClick={() => foldDemo(!isFolded)}>
          <Chevron size={14} aria-hidden /> {t('title')}
          <span className="quiet">{t('done', { done: done.length, all: data.things.length })}</span>
        </button>
      </h2>
      {isFolded ? null : (
        <ol>
          {data.things.map(({ step, href, subject }) => (
            <li key={step} data-done={done.includes(step)}>
              {done.includes(step) ? (
                <IconCircleCheck size={16} role="img" aria-label={t('isDone')} />
              ) : (
                <IconCircle size={16} aria-hidden />
              )}
              <div>
                {href ? (
                  <Link href={href}>{t(`step.${step}`, { subject })}</Link>
                ) : (
                  <b>{t(`step.${step}`, { subject })}</b>
                )}
                <div className="quiet">{t(`hint.${step}`, { subject })}</div>
              </div>
            </li>
          ))}
        </ol>
      )}
    </aside>
  );
}
