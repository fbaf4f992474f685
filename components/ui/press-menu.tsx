'use client';

import { cloneElement, lazy, Suspense, useState, type ReactElement, type Ref } from 'react';
import type { MenuShape } from './menu-shape';

type MenuButton = ReactElement<{
  ref?: Ref<HTMLButtonElement>;
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  'aria-haspopup'?: 'menu';
  'aria-expanded'?: boolean;
}>;

const load = () => import('./opened-menu');
const OpenedMenu = lazy(load);

/** A button with a menu. What draws the menu comes when the button is about to be pressed: no page waits for it. */
export function PressMenu({ children, ...shape }: MenuShape & { children: MenuButton }) {
  const [pressed, setPressed] = useState(false);
  const comes = () => void load();
  const button = cloneElement(children, {
    onClick: () => setPressed(true),
    onPointerEnter: comes,
    onFocus: comes,
    'aria-haspopup': 'menu',
    'aria-expanded': false,
  });
  if (!pressed) return button;
  return (
    <Suspense fallback={button}>
      <OpenedMenu {...shape}>{children}</OpenedMenu>
    </Suspense>
  );
}
