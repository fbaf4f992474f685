'use client';

import { cloneElement, lazy, Suspense, useState, type ReactElement, type ReactNode, type Ref } from 'react';

/** One thing that a menu offers, a line between two of them, or words above some. */
export type MenuEntry =
  | {
      key: string;
      label: ReactNode;
      onPress: () => void;
      /** Before the label. */
      icon?: ReactNode;
      /** At the far end: the key that does the same, say. */
      end?: ReactNode;
      /** The choice that is in force. */
      isCurrent?: boolean;
      lang?: string;
    }
  | { key: string; isLine: true }
  | { key: string; heading: string };

export interface MenuShape {
  entries: MenuEntry[];
  position?: 'bottom-start' | 'bottom-end' | 'top-end';
  width?: number;
  /** Class of each entry. */
  itemClass?: string;
}

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
