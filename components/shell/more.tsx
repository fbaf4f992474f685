'use client';

import { Menu } from '@mantine/core';
import { IconDots, IconHelp } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { LanguageItems, SchemeItem, SignOutItem } from './account-items';
import { useGo } from './link';
import { PLACES, type Place } from './places';
import classes from './shell.module.css';

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
  return (
    <Menu position="top-end" width={220} classNames={{ item: classes.moreItem }}>
      <Menu.Target>
        <button type="button" aria-current={isHere ? 'page' : undefined}>
          <IconDots size={20} stroke={1.6} aria-hidden /> {t('more')}
          <Badge count={count} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {places.map((place) => {
          const { href, Icon } = PLACES[place];
          return (
            <Menu.Item key={place} leftSection={<Icon size={16} stroke={1.6} />} onClick={() => go(href)}>
              {t(place)} <Badge count={badgeOf(place)} />
            </Menu.Item>
          );
        })}
        <Menu.Divider />
        <LanguageItems />
        <SchemeItem />
        <Menu.Item leftSection={<IconHelp size={16} stroke={1.6} />} onClick={onHelp}>
          {help('title')}
        </Menu.Item>
        <SignOutItem />
      </Menu.Dropdown>
    </Menu>
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
