'use client';

import { useEffect } from 'react';

/**
 * Takes what is typed while a field that is about to have the focus does not have it yet: somebody who types quickly would
 * lose the first letters, or set off what they are keys of.
 */
export function useTypedAhead(isOpening: boolean, onType: (letter: string) => void): void {
  useEffect(() => {
    if (!isOpening) return;
    const onKey = (event: KeyboardEvent) => {
      const isInField = event.target instanceof Element && event.target.closest('input, textarea, select');
      if (isInField || event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      onType(event.key);
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [isOpening, onType]);
}
