import type { WorkerName } from './worker';

/**
 * Where facts come from: the worker that read or made them, or the intake. Cursors, gaps, rejected facts, metrics and
 * pages use the same word.
 */
export type Source =
  Extract<WorkerName, 'collector' | 'topic index' | 'dead-letter index' | 'deadlines'> | 'intake';

/** Names under which facts were written before release 0.2. */
const FORMER: Readonly<Record<string, Source>> = {
  'facts topic': 'collector',
  'dead-letter topic': 'dead-letter index',
  clock: 'deadlines',
};

/** The source of a stored fact by its present name. */
export function sourceOf(stored: string): string {
  return FORMER[stored] ?? stored;
}
