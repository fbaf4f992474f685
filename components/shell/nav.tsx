'use client';

import { Menu } from '@mantine/core';
import { IconDots, IconSearch } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { useAttention } from '@/lib/client/use-attention';
import { LanguageItems, SchemeItem, SignOutItem } from './account-items';
import { Link, useGo } from './link';
import { BOTTOM, PLACES, SECTIONS, type Place } from './places';
import classes from './shell.module.css';

export function SideNav() {
  const t = useTranslations('nav');
  return (
    <nav className={classes.side} aria-label={t('label')}>
      <Link href="/overview" className={classes.brand}>
        <span className={classes.mark} aria-hidden /> Courier
      </Link>
      {SECTIONS.map(({ heading, places }, at) => (
        <div key={heading ?? at} className={heading === null && at > 0 ? classes.apart : undefined}>
          {heading ? <div className={classes.heading}>{t(heading)}</div> : null}
          {places.map((place) => (
            <SidePlace key={place} place={place} />
          ))}
        </div>
      ))}
    </nav>
  );
}

function SidePlace({ place }: { place: Place }) {
  const t = useTranslations('nav');
  const path = usePathname();
  const count = useBadge(place);
  const { href, Icon } = PLACES[place];
  return (
    <Link href={href} className={classes.place} aria-current={path.startsWith(href) ? 'page' : undefined}>
      <Icon size={16} stroke={1.6} aria-hidden /> {t(place)}
      {count > 0 ? (
        <span className={classes.badge} aria-label={t('badge', { count })}>
          {count}
        </span>
      ) : null}
    </Link>
  );
}

/** What needs a person at a place; badges count nothing else. */
function useBadge(place: Place): number {
  const { data } = useAttention();
  if (!data) return 0;
  if (place === 'failures') return data.failures;
  if (place === 'groups') return data.groups;
  return place === 'retries' ? data.retries : 0;
}

export function BottomNav({ onSearch }: { onSearch: () => void }) {
  const t = useTranslations('nav');
  const [first, ...others] = BOTTOM;
  const rest = SECTIONS.flatMap(({ places }) => places).filter((place) => !BOTTOM.includes(place));
  const go = useGo();
  const path = usePathname();
  return (
    <nav className={classes.bottom} aria-label={t('label')}>
      {first ? <BottomPlace place={first} /> : null}
      <button type="button" onClick={onSearch}>
        <IconSearch size={20} stroke={1.6} aria-hidden /> {t('find')}
      </button>
      {others.map((place) => (
        <BottomPlace key={place} place={place} />
      ))}
      <Menu position="top-end" width={220} classNames={{ item: classes.moreItem }}>
        <Menu.Target>
          <button
            type="button"
            aria-current={rest.some((place) => path.startsWith(PLACES[place].href)) ? 'page' : undefined}
          >
            <IconDots size={20} stroke={1.6} aria-hidden /> {t('more')}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map((place) => {
            const { href, Icon } = PLACES[place];
            return (
              <Menu.Item key={place} leftSection={<Icon size={16} stroke={1.6} />} onClick={() => go(href)}>
                {t(place)}
              </Menu.Item>
            );
          })}
          <Menu.Divider />
          <LanguageItems />
          <SchemeItem />
          <SignOutItem />
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}

function BottomPlace({ place }: { place: Place }) {
  const t = useTranslations('nav');
  const path = usePathname();
  const count = useBadge(place);
  const { href, Icon } = PLACES[place];
  return (
    <Link href={href} aria-current={path.startsWith(href) ? 'page' : undefined}>
      <Icon size={20} stroke={1.6} aria-hidden /> {place === 'groups' ? t('groupsShort') : t(place)}
      {count > 0 ? (
        <span className={classes.badge} aria-label={t('badge', { count })}>
          {count}
        </span>
      ) : null}
    </Link>
  );
}
