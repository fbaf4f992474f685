'use client';

import { IconSearch } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { usePathname } from 'next/navigation';
import { useAttention } from '@/lib/client/use-attention';
import { Link } from '@/components/page/link';
import { BOTTOM, PLACES, SECTIONS, type Place } from '@/components/page/places';
import classes from './shell.module.css';

// Only the phone has it, and only once it is pressed is it wanted.
const More = lazy(
  () => import('./more').then((module) => module.More),
  () => <span />,
);

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
  const count = useBadges()(place);
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

/** What needs a person at each place; badges count nothing else. */
function useBadges(): (place: Place) => number {
  const { data } = useAttention();
  return (place) => {
    if (!data) return 0;
    if (place === 'failures') return data.failures;
    if (place === 'groups') return data.groups;
    return place === 'retries' ? data.retries : 0;
  };
}

export function BottomNav({ onSearch, onHelp }: { onSearch: () => void; onHelp: () => void }) {
  const t = useTranslations('nav');
  const badgeOf = useBadges();
  const [first, ...others] = BOTTOM;
  const rest = SECTIONS.flatMap(({ places }) => places).filter((place) => !BOTTOM.includes(place));
  const path = usePathname();
  // What one finds is a message.
  const isFound = path.startsWith(PLACES.messages.href);
  return (
    <nav className={classes.bottom} aria-label={t('label')}>
      {first ? <BottomPlace place={first} /> : null}
      <button type="button" onClick={onSearch} aria-current={isFound ? 'page' : undefined}>
        <IconSearch size={20} stroke={1.6} aria-hidden /> {t('find')}
      </button>
      {others.map((place) => (
        <BottomPlace key={place} place={place} />
      ))}
      <More
        isHere={!isFound && rest.some((place) => path.startsWith(PLACES[place].href))}
        places={rest}
        badgeOf={badgeOf}
        onHelp={onHelp}
      />
    </nav>
  );
}

function BottomPlace({ place }: { place: Place }) {
  const t = useTranslations('nav');
  const path = usePathname();
  const count = useBadges()(place);
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
