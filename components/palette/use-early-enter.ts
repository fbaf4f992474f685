'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { searchFor } from '@/lib/client/use-messages';
import type { SearchAnswer } from '@/lib/contract/search';

/**
 * Keeps an Enter that was pressed before the answer was there. The returned function asks at once; `onAnswer` is called
 * when the answer has come, unless something else was typed or the field was closed meanwhile.
 */
export function useEarlyEnter(text: string, onAnswer: (answer: SearchAnswer) => void): () => void {
  const client = useQueryClient();
  const shown = useRef<string>(undefined);
  useEffect(() => {
    shown.current = text;
    return () => {
      shown.current = undefined;
    };
  }, [text]);
  return () => {
    shown.current = text;
    void client.fetchQuery(searchFor(text)).then(
      (answer) => {
        if (shown.current !== text) return;
        shown.current = undefined;
        onAnswer(answer);
      },
      () => {
        // The palette itself shows that the search failed: it runs the same query.
      },
    );
  };
}
