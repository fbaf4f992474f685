'use client';

import {
  IconAlertOctagonFilled,
  IconArrowBackUp,
  IconArrowBarToRight,
  IconCheck,
  IconEqual,
  IconEyeOff,
  IconHandMove,
  IconHourglass,
  IconLinkOff,
  IconLock,
  IconMapPinOff,
  IconMinus,
  IconRefreshAlert,
  IconTrendingDown,
  IconTrendingUp,
  IconUserOff,
} from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { Verdict } from '@/lib/domain/groups/verdict';
import classes from './verdict.module.css';

const ICONS = {
  stuck: IconAlertOctagonFilled,
  beyond_end: IconArrowBarToRight,
  no_data: IconEyeOff,
  falling_behind: IconTrendingUp,
  no_position: IconMapPinOff,
  no_members: IconUserOff,
  not_assigned: IconLinkOff,
  rebalancing: IconRefreshAlert,
  waits_transaction: IconLock,
  moved_back: IconArrowBackUp,
  stays_behind: IconEqual,
  waits_turn: IconHourglass,
  catching_up: IconTrendingDown,
  read_without_membership: IconHandMove,
  keeping_up: IconCheck,
  idle: IconMinus,
} as const;

/** Colour of a verdict's line in charts. */
export const VERDICT_TONE: Record<Verdict, string> = {
  stuck: 'handle-fail-fill',
  beyond_end: 'handle-fail-fill',
  no_data: 'text3',
  falling_behind: 'push-fail-fill',
  no_position: 'push-fail-fill',
  no_members: 'push-fail-fill',
  not_assigned: 'push-fail-fill',
  rebalancing: 'push-fail-fill',
  waits_transaction: 'committed-fill',
  moved_back: 'committed-fill',
  stays_behind: 'committed-fill',
  waits_turn: 'committed-fill',
  catching_up: 'committed-fill',
  read_without_membership: 'text3',
  keeping_up: 'text3',
  idle: 'text3',
};

/**
 * A verdict in its colour.
 * @param isOld whether it is the last one measured, and may have changed since
 * @param isMeasuring whether there is no verdict yet
 */
export function VerdictChip({
  verdict,
  isOld = false,
  isMeasuring = false,
}: {
  verdict: Verdict;
  isOld?: boolean;
  isMeasuring?: boolean;
}) {
  const t = useTranslations('verdict');
  const Icon = isMeasuring ? IconHourglass : ICONS[verdict];
  const word = isMeasuring ? t('measuring') : t(verdict);
  return (
    <span className={classes.chip} data-verdict={isOld ? 'old' : verdict}>
      <Icon size={13} aria-hidden /> {isOld ? t('whenSeen', { verdict: word }) : word}
    </span>
  );
}
