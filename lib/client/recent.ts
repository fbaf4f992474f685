const KEY = 'courier-recent';
const MOST = 5;

/** Something that was opened: where it is and what it says of itself. */
export interface Recent {
  href: string;
  label: string;
}

/** What was opened last in this browser, newest first. What the browser does not let us read is none. */
export function readRecent(): Recent[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    if (!Array.isArray(stored)) return [];
    return stored
      .filter(
        (one: unknown): one is Recent =>
          typeof one === 'object' &&
          one !== null &&
          typeof (one as Recent).href === 'string' &&
          (one as Recent).href.startsWith('/') &&
          typeof (one as Recent).label === 'string',
      )
      .slice(0, MOST);
  } catch {
    return [];
  }
}

/** Remembers that something was opened. */
export function rememberRecent(opened: Recent): void {
  const rest = readRecent().filter((one) => one.href !== opened.href);
  try {
    localStorage.setItem(KEY, JSON.stringify([opened, ...rest].slice(0, MOST)));
  } catch {
    // A browser that stores nothing still opens everything.
  }
}
