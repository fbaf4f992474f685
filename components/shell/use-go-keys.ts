import { useEffect } from 'react';
import { PLACES } from '@/components/page/places';

const PATHS = new Map<string, string>(Object.values(PLACES).map(({ letter, href }) => [letter, href]));
/** How long after `g` a letter is taken for a place. */
const WAIT_MS = 1_000;

/**
 * `g` and a letter go to a place; `?` opens the help on any keyboard layout. Keys that are typed into a field are
 * ignored.
 */
export function useGoKeys(go: (path: string) => void, onHelp: () => void): void {
  useEffect(() => {
    let pressedG = -Infinity;
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement | null;
      const isTyping = target?.closest('input, textarea, select, [contenteditable]');
      if (isTyping || event.metaKey || event.ctrlKey || event.altKey) return;
      if (event.key === '?') onHelp();
      const path = PATHS.get(event.key);
      if (path && performance.now() - pressedG < WAIT_MS) {
        pressedG = -Infinity;
        go(path);
      } else if (event.key === 'g') pressedG = performance.now();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [go, onHelp]);
}
