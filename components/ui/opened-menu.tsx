'use client';

import { Menu } from '@mantine/core';
import { cloneElement, useEffect, useRef, useState, type ReactElement, type Ref } from 'react';
import type { MenuShape } from './menu-shape';

/**
 * The menu of a button that was pressed: it opens at once, and as often as the button is pressed again. The button takes
 * the place of the one that was pressed, and so its focus, to which the menu gives it back.
 */
export default function OpenedMenu({
  entries,
  position = 'bottom-end',
  width,
  itemClass,
  children,
}: MenuShape & { children: ReactElement<{ ref?: Ref<HTMLButtonElement> }> }) {
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    button.current?.focus();
    const frame = requestAnimationFrame(() => setOpened(true));
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <Menu
      opened={opened}
      onChange={setOpened}
      position={position}
      withInitialFocusPlaceholder={false}
      // Outside of <main> the menu would be in no landmark.
      portalProps={{ target: 'main' }}
      {...(width === undefined ? {} : { width })}
      {...(itemClass === undefined ? {} : { classNames: { item: itemClass } })}
    >
      <Menu.Target>{cloneElement(children, { ref: button })}</Menu.Target>
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
