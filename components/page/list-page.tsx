'use client';

import { useElementSize } from '@mantine/hooks';
import { clsx } from 'clsx';
import type { CSSProperties, ReactNode } from 'react';
import { Banner } from '@/components/ui/banner';
import classes from './list-page.module.css';
import { Stale } from './stale';
import { Waiting } from './waiting';

/** The state of its query that a list needs. */
type ListQuery = Parameters<typeof Stale>[0]['query'] &
  Parameters<typeof Waiting>[0]['query'] & { isPending: boolean };

interface Props {
  title: string;
  besideTitle?: ReactNode;
  sentence: ReactNode;
  /** What one can do with the list. */
  actions?: ReactNode;
  tabs?: ReactNode;
  query: ListQuery;
  everySeconds?: number | undefined;
  filters?: ReactNode;
  /** Why a part of the list is missing. */
  problem?: ReactNode;
  /** Content between the filters and the rows. */
  above?: ReactNode;
  /** Content beside the rows, where there is room. */
  beside?: ReactNode;
  /** Words for the rows that do not come yet, and how many are drawn for them. */
  loading: { label: string; rows: number };
  /** The rows, or a `State` that explains why there are none. */
  children: ReactNode;
  foot?: ReactNode;
}

/**
 * The frame of every page that is a list: its title with a sentence, what can be done with it, its filters, its rows or
 * why there are none, and a foot. Filters stay in sight, and the heads of the columns below them.
 */
export function ListPage({ query, loading, ...parts }: Props) {
  const { ref, height } = useElementSize();
  return (
    <div style={{ '--filters': `${height}px` } as CSSProperties}>
      <div className={classes.head}>
        <h1>{parts.title}</h1>
        {parts.besideTitle}
        <span className="soft">{parts.sentence}</span>
        {parts.actions}
      </div>
      {parts.tabs}
      <Stale query={query} everySeconds={parts.everySeconds} />
      <div ref={ref} className={classes.filters}>
        {parts.filters}
      </div>
      {parts.problem ? <Banner>{parts.problem}</Banner> : null}
      {parts.above}
      <div className={clsx(parts.beside && classes.split)}>
        <div className="panel">
          {query.isPending ? <Waiting query={query} rows={loading.rows} label={loading.label} /> : null}
          {parts.children}
        </div>
        {parts.beside}
      </div>
      {parts.foot ? <p className={classes.foot}>{parts.foot}</p> : null}
    </div>
  );
}
