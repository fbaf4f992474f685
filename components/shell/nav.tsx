'use client';

import { IconMail, IconSearch, IconUsersGroup, type TablerIcon } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { Link } from './link';
import classes from './shell.module.css';

interface Section {
  heading: 'find' | 'watch';
  places: { href: '/messages' | '/groups'; word: 'messages' | 'groups'; Icon: TablerIcon }[];
}

/** Places by section. A place stands here once its feature exists. */
const SECTIONS: readonly Section[] = [
  { heading: 'find', places: [{ href: '/messages', word: 'messages', Icon: IconMail }] },
  { heading: 'watch', places: [{ href: '/groups', word: 'groups', Icon: IconUsersGroup }] },
];

export function SideNav() {
  const t = useTranslations('nav');
  const path = usePathname();
  return (
    <nav className={classes.side} aria-label={t('label')}>
      <Link href="/messages" className={classes.brand}>
        <span className={classes.mark} aria-hidden /> Courier
      </Link>
      {SECTIONS.map(({ heading, places }) => (
        <div key={heading}>
          <div className={classes.heading}>{t(heading)}</div>
          {places.map(({ href, word, Icon }) => (
            <Link
              key={href}
              href={href}
              className={classes.place}
              aria-current={path.startsWith(href) ? 'page' : undefined}
            >
              <Icon size={16} stroke={1.6} aria-hidden /> {t(word)}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

export function BottomNav({ onSearch }: { onSearch: () => void }) {
  const t = useTranslations('nav');
  const path = usePathname();
  return (
    <nav className={classes.bottom} aria-label={t('label')}>
      <button type="button" onClick={onSearch}>
        <IconSearch size={20} stroke={1.6} aria-hidden /> {t('find')}
      </button>
      {SECTIONS.flatMap(({ places }) => places).map(({ href, word, Icon }) => (
        <Link key={href} href={href} aria-current={path.startsWith(href) ? 'page' : undefined}>
          <Icon size={20} stroke={1.6} aria-hidden /> {t(word)}
        </Link>
      ))}
    </nav>
  );
}
