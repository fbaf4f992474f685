'use client';

import { IconDots, IconHelp } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { PressMenu } from '@/components/ui/press-menu';
import { useGo } from '@/components/page/link';
import { PLACES, type Place } from '@/components/page/places';
import classes from './shell.module.css';
import { useLanguageEntries, useSchemeEntry, useSignOutEntry } from '@/components/sessions/use-account';

/** What the phone's bottom bar has no room for: the other places, language, colours, the way out. */
export function More({
  isHere,
  places,
  badgeOf,
  onHelp,
}: {
  isHere: boolean;
  places: Place[];
  badgeOf: (place: Place) => number;
  onHelp: () => void;
}) {
  const t = useTranslations('nav');
  const help = useTranslations('help');
  const count = places.reduce((sum, place) => sum + badgeOf(place), 0);
  const go = useGo();
  const entries = [
    ...places.map((place) => {
      const { href, Icon } = PLACES[place];
      return {
        key: place,
        icon: <Icon size={16} stroke={1.6} />,
        label: (
          <>
            {t(place)} <Badge count={badgeOf(place)} />
          </>
        ),
        onPress: () => go(href),
      };
    }),
    { key: 'line', isLine: true as const },
    ...useLanguageEntries(),
    useSchemeEntry(),
    { key: 'help', icon: <IconHelp size={16} stroke={1.6} />, label: help('title'), onPress: onHelp },
    useSignOutEntry(),
  ];
  return (
    <PressMenu
      entries={entries}
      position="top-end"
      width={220}
      {...(classes.moreItem ? { itemClass: classes.moreItem } : {})}
    >
      <button type="button" aria-current={isHere ? 'page' : undefined}>
        <IconDots size={20} stroke={1.6} aria-hidden /> {t('more')}
        <Badge count={count} />
      </button>
    </PressMenu>
  );
}

function Badge({ count }: { count: number }) {
  const t = useTranslations('nav');
  if (count === 0) return null;
  return (
    <span className={classes.badge} aria-label={t('badge', { count })}>
      {count}
    </span>
  );
}
