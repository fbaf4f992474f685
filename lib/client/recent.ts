import { useEffect } from 'react';

const KEY = 'courier-recent';
const MOST = 5;

/** A page that was opened: its address and its label. */
export interface Recent {
  href: string;
  label: string;
  /** Whether the search led there. */
  found?: boolean;
}

/** What was opened last in this browser, newest first. What the browser does not let us read is none. */
export function readRecent(): Recent[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    if (!Array.isArray(stored)) return [];
    return stored
      .filter(
        (item: unknown): item is Recent =>
          typeof item === 'object' &&
          item !== null &&
          typeof (item as Recent).href === 'string' &&
          (item as Recent).href.startsWith('/') &&
          typeof (item as Recent).label === 'string',
      )
      .slice(0, MOST);
  } catch {
    return [];
  }
}

/** Remembers that something was opened; that it was found stays true of it. */
export function rememberRecent(opened: Recent): void {
  const known = readRecent();
  const before = known.find((item) => item.href === opened.href);
  const rest = known.filter((item) => item !== before);
  try {
    localStorage.setItem(KEY, JSON.stringify([{ ...before, ...opened }, ...rest].slice(0, MOST)));
  } catch {
    // A browser that stores nothing still opens everything.
  }
}

/** Remembers that the page of a thing was opened, however one came there. @param label null until it is there */
export function useOpened(href: string, label: string | null): void {
  useEffect(() => {
    if (label !== null) rememberRecent({ href, label });
  }, [href, label]);
}
