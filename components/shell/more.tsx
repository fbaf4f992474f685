'use client';

import { Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { LanguageItems, SchemeItem, SignOutItem } from './account-items';
import { useGo } from './link';
import { PLACES, type Place } from './places';
import classes from './shell.module.css';

/** What the phone's bottom bar has no room for: the other places, language, colours, the way out. */
export function More({ isHere, places }: { isHere: boolean; places: Place[] }) {
  const t = useTranslations('nav');
  const go = useGo();
  return (
    <Menu position="top-end" width={220} classNames={{ item: classes.moreItem }}>
      <Menu.Target>
        <button type="button" aria-current={isHere ? 'page' : undefined}>
          <IconDots size={20} stroke={1.6} aria-hidden /> {t('more')}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {places.map((place) => {
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
  );
}
