'use client';

import { IconBan, IconPlayerSkipForward, IconTargetArrow, IconUsers } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import { Link, useGo } from '@/components/page/link';
import { useFormat } from '@/components/ui/use-format';
import { isConflict } from '@/lib/client/api';
import { useCreateMany, useManyPreview } from '@/lib/client/use-retries';
import type { SelectedDeliveries } from '@/lib/contract/retries';
import type { ManyPreview } from '@/lib/contract/retries';
import { shortId } from '@/lib/protocol/uuid';
import classes from './retries.module.css';
import { RetryFrame, showAccepted, type RetryChoice } from './retry-frame';
import { UnreadLines } from './unread-lines';

/** Many messages, one group: what will be sent where, what will be skipped, who else will see it. */
export function RetryManyDialog({
  selected,
  onClose,
}: {
  selected: SelectedDeliveries;
  onClose: () => void;
}) {
  const t = useTranslations('retryMany');
  const common = useTranslations('retries');
  const format = useFormat();
  const go = useGo();
  // However often its button is pressed, this dialog is one retry, until a new dry run makes it another request.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const preview = useManyPreview(selected);
  const { data } = preview;
  const create = useCreateMany(key);
  const others = data?.others ?? [];
  const onSend = (choice: RetryChoice) =>
    create.mutate(
      { selected, acceptOthers: others, ...choice },
      {
        onSuccess: ({ id }) => {
          showAccepted(t('accepted'), common('dismiss'));
          onClose();
          go(`/retries/${id}`);
        },
        onError: (error) => {
          if (!isConflict(error)) return;
          setKey(crypto.randomUUID());
          void preview.refetch();
        },
      },
    );
  return (
    <RetryFrame
      title={
        data && data.open === data.selected
          ? t('titleAll', { count: data.open, group: selected.group })
          : t('title', {
              open: data?.open ?? 0,
              selected: data?.selected ?? ('messageIds' in selected ? selected.messageIds.length : 0),
              group: selected.group,
            })
      }
      warning={
        data && others.length > 0
          ? `${t('others', { count: others.length + 1, groups: format.list([data.group, ...others]) })} ${t('noRetryTopic', { group: data.group })} ${common('unknownReaders')}`
          : data && !data.alone
            ? common('everyReader', {
                topic: format.list([
                  ...new Set([...data.targets, ...data.overwriting.map(({ topic }) => topic)]),
                ]),
              })
            : null
      }
      preview={{ at: data?.at, error: preview.error, refetch: preview.refetch }}
      send={
        !data || data.open === 0
          ? null
          : others.length > 0
            ? t('sendAll', { count: data.open, groups: others.length + 1 })
            : t('send', { count: data.open })
      }
      overwrite={
        data && data.overwriting.length > 0
          ? {
              topics: data.overwriting,
              send: t(
                `sendOverwriting.${data.overwriting.some(({ isCompacted }) => isCompacted) ? 'compacted' : 'ordered'}`,
                { count: data.open + overwritingOf(data) },
              ),
            }
          : null
      }
      request={create}
      onSend={onSend}
      onClose={onClose}
    >
      {data ? <Lines preview={data} /> : null}
    </RetryFrame>
  );
}

/** How many are left out since each would replace a newer state. */
function overwritingOf({ overwriting }: ManyPreview): number {
  return overwriting.reduce((sum, { count }) => sum + count, 0);
}

/** What will be sent where; before it, who else is at it. */
function Lines({ preview }: { preview: ManyPreview }) {
  const t = useTranslations('retryMany');
  const format = useFormat();
  const code = (chunks: ReactNode) => <code>{chunks}</code>;
  return (
    <ul className={classes.lines}>
      <Others preview={preview} />
      {preview.open > 0 ? (
        <li>
          <IconTargetArrow size={16} aria-hidden className={classes.good} />
          <span>
            {!preview.alone
              ? t.rich('toTopic', { topic: format.list(preview.targets), code })
              : t.rich('only', { group: preview.group, topic: format.list(preview.targets), code })}
            {preview.more ? ` ${t('more', { count: preview.selected })}` : null}
          </span>
        </li>
      ) : (
        <li>
          <IconBan size={16} aria-hidden className="quiet" />
          <span>{t('none')}</span>
        </li>
      )}
      <UnreadLines unread={preview.unread} />
      <Skipped preview={preview} />
    </ul>
  );
}

function Others({ preview }: { preview: ManyPreview }) {
  const t = useTranslations('retryMany');
  const format = useFormat();
  return preview.skipped.map(({ retry, count }) =>
    retry ? (
      <li key={retry.id}>
        <IconUsers size={16} aria-hidden className={classes.warned} />
        <span>
          <b>{t('isRetrying', { count, by: retry.by, time: format.time(retry.since) })}</b>{' '}
          <Link href={`/retries/${retry.id}`}>{t('openRetry')}</Link>
        </span>
      </li>
    ) : null,
  );
}

function Skipped({ preview }: { preview: ManyPreview }) {
  const t = useTranslations('retryMany');
  const format = useFormat();
  const [isShown, setShown] = useState(false);
  const count = preview.skipped.reduce((sum, item) => sum + item.count, 0);
  if (count === 0) return null;
  const reasons = preview.skipped.map(({ reason, count: some, retry }) => {
    if (retry)
      return t('skipWord.being_retried', { count: some, by: retry.by, time: format.time(retry.since) });
    return reason === 'not_failing' || reason === 'no_body' || reason === 'would_overwrite'
      ? t(`skipWord.${reason}`, { count: some })
      : t('skipWord.other', { count: some });
  });
  const ids = preview.skipped.flatMap(({ messageIds }) => messageIds);
  return (
    <li>
      <IconPlayerSkipForward size={16} aria-hidden className="quiet" />
      <span>
        {t('skipped', { count, reasons: reasons.join(' · ') })}{' '}
        <button type="button" className="asLink" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
          {t('showThem')}
        </button>
        {isShown ? (
          <span className={classes.skippedIds}>
            {ids.map((id) => (
              <Link key={id} href={`/messages/${id}`}>
                <code title={id}>{shortId(id)}</code>
              </Link>
            ))}
            {ids.length < count ? (
              <span className="quiet">{t('andMore', { count: count - ids.length })}</span>
            ) : null}
          </span>
        ) : null}
      </span>
    </li>
  );
}
