'use client';

import { usePathname } from 'next/navigation';
import { useFormat } from '@/components/ui/use-format';
import { Link } from './link';
import classes from './page-tabs.module.css';

export interface PageTab {
  href: string;
  words: string;
  /** How many items the tab has; left out where the count is unknown or useless. */
  count?: number | undefined;
}

/**
 * The tabs of a page. Each is a page with its own URL, so these are links. They are below the head of the page. A few
 * tabs that are views of the same list are beside its title instead.
 */
export function PageTabs({
  label,
  tabs,
  isBesideTitle,
}: {
  label: string;
  tabs: PageTab[];
  isBesideTitle?: boolean;
}) {
  const here = decodeURIComponent(usePathname());
  const format = useFormat();
  return (
    <nav className={isBesideTitle ? classes.beside : classes.tabs} aria-label={label}>
      {tabs.map(({ href, words, count }) => (
        <Link key={href} href={href} aria-current={decodeURIComponent(href) === here ? 'page' : undefined}>
          {words}
          {count === undefined ? null : <span className={classes.count}>{format.number(count)}</span>}
        </Link>
      ))}
    </nav>
  );
}
