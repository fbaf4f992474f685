'use client';

import { useEffect } from 'react';

/**
 * Collects keys that are typed before an opening field has the focus. Without it a fast typist would lose the first
 * letters or trigger their shortcuts.
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
