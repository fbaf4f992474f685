'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { ITEM_STATES, type ItemState } from '@/lib/domain/retries/retry';
import classes from './outcome.module.css';

/** Ends first, then what is on its way, then what was never sent. */
const ORDER: readonly ItemState[] = [
  'HANDLED',
  'FAILED_AGAIN',
  'PASSED',
  'NO_ANSWER',
  'REFUSED',
  'WRITTEN',
  'HELD',
  'UNCERTAIN',
  'SENT_VERIFIED',
  'SENT',
  'SENDING',
  'PENDING',
  'SKIPPED',
];

/** States that are there, in the order of the bar, with their counts. */
export function statesOf(states: Partial<Record<ItemState, number>>): { state: ItemState; count: number }[] {
  return ORDER.filter((state) => ITEM_STATES.includes(state)).flatMap((state) => {
    const count = states[state] ?? 0;
    return count > 0 ? [{ state, count }] : [];
  });
}

/** One bar whose segments are the outcomes and add up to what was selected. Green only for handled. */
export function OutcomeBar({
  states,
  thin = false,
}: {
  states: Partial<Record<ItemState, number>>;
  thin?: boolean;
}) {
  const t = useTranslations('outcome');
  const format = useFormat();
  const shown = statesOf(states);
  const words = format.list(shown.map(({ state, count }) => `${format.number(count)} ${t(state)}`));
  return (
    <div className={thin ? classes.thin : classes.bar} role="img" aria-label={words}>
      {shown.map(({ state, count }) => (
        <span key={state} data-state={state} style={{ flexGrow: count }} />
      ))}
    </div>
  );
}

/** The colour of a state, beside its word. */
export function OutcomeDot({ state }: { state: ItemState }) {
  return <i className={classes.dot} data-state={state} aria-hidden />;
}
