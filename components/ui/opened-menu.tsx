'use client';

import { Menu } from '@mantine/core';
import type { ReactElement } from 'react';
import type { MenuShape } from './press-menu';

/** The menu of a button that was pressed: open at first, and as often as the button is pressed again. */
export default function OpenedMenu({
  entries,
  position = 'bottom-end',
  width,
  itemClass,
  children,
}: MenuShape & { children: ReactElement }) {
  return (
    <Menu
      defaultOpened
      position={position}
      {...(width === undefined ? {} : { width })}
      {...(itemClass === undefined ? {} : { classNames: { item: itemClass } })}
    >
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {entries.map((entry) => {
          if ('isLine' in entry) return <Menu.Divider key={entry.key} />;
          if ('heading' in entry) return <Menu.Label key={entry.key}>{entry.heading}</Menu.Label>;
          return (
            <Menu.Item
              key={entry.key}
              lang={entry.lang}
              leftSection={entry.icon}
              rightSection={entry.end}
              onClick={entry.onPress}
              aria-current={entry.isCurrent}
            >
              {entry.label}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}
