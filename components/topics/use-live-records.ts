import { useCallback, useEffect, useState } from 'react';
import { browseAfter } from '@/lib/client/use-topics';
import type { BrowseAnswer, BrowsedRecord } from '@/lib/contract/topics';

const EVERY_MS = 1_000;
/** Older ones leave the screen; they stay on the topic. */
const MAX_SHOWN = 500;

interface Read {
  /** The answer that these come after; another answer makes them void. */
  base: BrowseAnswer | undefined;
  records: BrowsedRecord[];
  next: Record<string, string>;
}

const NOTHING: Read = { base: undefined, records: [], next: {} };

/** Reads on behind an answer: once, or every second until stopped. It also stops while the page is hidden. */
export function useLiveRecords(name: string, partition: number | null, base: BrowseAnswer | undefined) {
  const [stored, setStored] = useState<Read>(NOTHING);
  const [isOn, setOn] = useState(false);
  const [isReading, setReading] = useState(false);
  const read = stored.base === base ? stored : { base, records: [], next: base?.next ?? {} };
  const next = JSON.stringify(read.next);

  const readOn = useCallback(async () => {
    if (!base) return;
    setReading(true);
    try {
      const answer = await browseAfter(name, partition, JSON.parse(next) as Record<string, string>);
      setStored((before) => {
        const records = before.base === base ? before.records : [];
        return {
          base,
          records: [...answer.records, ...records].slice(0, MAX_SHOWN),
          next: answer.next,
        };
      });
    } finally {
      setReading(false);
    }
  }, [base, name, partition, next]);

  useEffect(() => {
    if (!isOn) return;
    const timer = setTimeout(() => {
      // A broker that is away is asked again; what is on screen stays.
      if (!document.hidden) void readOn().catch(() => setStored((before) => ({ ...before })));
      else setStored((before) => ({ ...before }));
    }, EVERY_MS);
    return () => clearTimeout(timer);
  }, [isOn, readOn, stored]);

  return {
    records: read.records,
    isOn,
    isReading,
    readOn,
    start: () => setOn(true),
    stop: () => setOn(false),
  };
}
