'use client';

import { usePathname } from 'next/navigation';
import { useFormat } from '@/components/ui/use-format';
import { Link } from './link';
import classes from './page-tabs.module.css';

export interface PageTab {
  href: string;
  words: string;
  /** How many things are behind it; left out where that is not known or says nothing. */
  count?: number | undefined;
}

/**
 * The tabs of a page. Each is a page of its own with its own address, so these are links. They stand under the head of the
 * page, or, where there are few and each is a view of the same list, beside its title.
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
