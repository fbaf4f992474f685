import type { ReactNode } from 'react';

/** One thing that a menu offers, a line between two of them, or words above some. */
export type MenuEntry =
  | {
      key: string;
      label: ReactNode;
      onPress: () => void;
      /** Before the label. */
      icon?: ReactNode;
      /** At the far end, such as the key that does the same. */
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
