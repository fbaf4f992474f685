'use client';

import {
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconClock,
  IconPlugConnectedX,
  IconSendOff,
} from '@tabler/icons-react';
import { useNow, useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { Status } from '@/lib/domain/messages/status';
import type { StatusDetail } from '@/lib/contract/messages';
import classes from './status.module.css';

const ICONS = {
  HANDLED: IconCircleCheckFilled,
  COMMITTED: IconClock,
  PUSH_FAIL: IconPlugConnectedX,
  HANDLE_FAIL: IconCircleXFilled,
  SEND_FAIL: IconSendOff,
} as const;

/** Icon of a status; always beside its word. */
export function StatusIcon({ status, size = 13 }: { status: Status; size?: number }) {
  const Icon = ICONS[status];
  return <Icon size={size} aria-hidden className={classes.icon} data-status={status} />;
}

/** A status as a chip, with its second half beside it. HANDLED has no tint: the eye should land on what is not fine. */
export function StatusChip({ status, detail }: { status: Status; detail: StatusDetail | null }) {
  const t = useTranslations('status');
  return (
    <span className={classes.whole}>
      <span className={classes.chip} data-status={status} title={t(`tooltip.${status}`)}>
        <StatusIcon status={status} />
        {t(wordOf(status, detail))}
      </span>
      {detail ? (
        <span className={classes.detail}>
          <Detail detail={detail} />
        </span>
      ) : null}
    </span>
  );
}

/** States of groups that report nothing: a message does not wait for them. */
const UNREPORTED: ReadonlySet<string> = new Set(['nobody', 'read_past', 'not_reached']);

function wordOf(status: Status, detail: StatusDetail | null): Status | 'stored' {
  return status === 'COMMITTED' && detail !== null && UNREPORTED.has(detail.kind) ? 'stored' : status;
}

/** A status in one line of text. */
export function StatusText({ status, detail }: { status: Status; detail: StatusDetail | null }) {
  const t = useTranslations('status');
  return (
    <span className={classes.text} data-status={status}>
      <StatusIcon status={status} /> {t(wordOf(status, detail))}
      {detail ? (
        <>
          {' · '}
          <Detail detail={detail} />
        </>
      ) : null}
    </span>
  );
}

function Detail({ detail }: { detail: StatusDetail }) {
  const t = useTranslations('status.detail');
  const words = useTranslations('outcome');
  const now = useNow({ updateInterval: 10_000 });
  const format = useFormat();
  switch (detail.kind) {
    case 'next_try':
      return t('next_try', { time: format.time(detail.at) });
    case 'gave_up':
      return detail.to === null ? t('gave_up_nowhere') : t('gave_up', { topic: detail.to });
    case 'nobody':
      return t('nobody');
    case 'read_past':
      return t('read_past', { group: detail.group, more: detail.more });
    case 'not_reached':
      return t('not_reached', { group: detail.group, ahead: detail.ahead, more: detail.more });
    case 'overdue':
      return t('overdue', { time: format.duration((now.getTime() - Date.parse(detail.since)) / 1_000) });
    case 'retrying':
      return t('retrying', { state: words(detail.state) });
  }
}
