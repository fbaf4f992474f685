'use client';

import {
  IconAlertOctagonFilled,
  IconCheck,
  IconDatabaseX,
  IconEyeOff,
  IconMinus,
  IconTrendingDown,
  IconTrendingUp,
  IconUserOff,
} from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { Verdict } from '@/lib/domain/groups/verdict';
import classes from './verdict.module.css';

const ICONS = {
  lost_data: IconDatabaseX,
  stuck: IconAlertOctagonFilled,
  no_data: IconEyeOff,
  falling_behind: IconTrendingUp,
  no_members: IconUserOff,
  catching_up: IconTrendingDown,
  idle: IconMinus,
  keeping_up: IconCheck,
} as const;

/** Colour of a verdict's line in charts. */
export const VERDICT_TONE: Record<Verdict, string> = {
  lost_data: 'handle-fail-fill',
  stuck: 'handle-fail-fill',
  no_data: 'text3',
  falling_behind: 'push-fail-fill',
  no_members: 'push-fail-fill',
  catching_up: 'committed-fill',
  idle: 'text3',
  keeping_up: 'text3',
};

/** A verdict in its colour. @param isOld whether it is the last one measured, and may have changed since */
export function VerdictChip({ verdict, isOld = false }: { verdict: Verdict; isOld?: boolean }) {
  const t = useTranslations('verdict');
  const Icon = ICONS[verdict];
  return (
    <span className={classes.chip} data-verdict={isOld ? 'old' : verdict}>
      <Icon size={13} aria-hidden /> {isOld ? t('whenSeen', { verdict: t(verdict) }) : t(verdict)}
    </span>
  );
}
