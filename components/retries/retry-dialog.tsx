'use client';

import { IconBan, IconFileText, IconTargetArrow } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/components/ui/use-format';
import { isConflict } from '@/lib/client/api';
import { useCreateRetry, useRetryPreview } from '@/lib/client/use-retries';
import type { RetryPreview } from '@/lib/contract/retries';
import type { OverwritingTopic } from './overwriting';
import classes from './retries.module.css';
import { RetryFrame, showAccepted, type RetryChoice } from './retry-frame';
import { UnreadLines } from './unread-lines';

interface Props {
  messageId: string;
  groups: string[];
  onClose: () => void;
}

/** One message: what will be sent where and who will see it; the dry run starts on opening. Two presses in all. */
export function RetryDialog({ messageId, groups, onClose }: Props) {
  const t = useTranslations('retries');
  const format = useFormat();
  // However often its button is pressed, this dialog is one retry, until a new dry run makes it another request.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const preview = useRetryPreview(messageId, groups);
  const create = useCreateRetry(key);
  const items = preview.data?.items ?? [];
  const open = items.filter((item) => item.skip === null);
  const overwriting = items.filter((item) => item.skip === 'would_overwrite');
  const concerned = [...open, ...overwriting];
  const others = [...new Set(concerned.flatMap((item) => item.others))];
  const all = others.length + concerned.length;
  const to = format.list(open.map((item) => item.group)) || format.list(groups);
  const everyReader = concerned.find((item) => !item.alone && item.others.length === 0);
  const onSend = (choice: RetryChoice) =>
    create.mutate(
      {
        messageId,
        groups: (choice.overwrite ? concerned : open).map((item) => item.group),
        acceptOthers: others,
        ...choice,
      },
      {
        onSuccess: () => {
          showAccepted(t('accepted'), t('dismiss'));
          onClose();
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
      title={t('title', { group: to })}
      warning={
        others.length > 0
          ? `${t('seenByOthers', {
              count: all,
              groups: format.list([...concerned.map((item) => item.group), ...others]),
            })} ${t('unknownReaders')}`
          : everyReader
            ? t('everyReader', { topic: everyReader.targetTopic })
            : null
      }
      preview={{ at: preview.data?.at, error: preview.error, refetch: preview.refetch }}
      send={
        open.length === 0
          ? null
          : others.length > 0
            ? t('sendToAll', { count: all })
            : everyReader
              ? t('sendToTopic', { topic: everyReader.targetTopic })
              : t('send', { group: to })
      }
      overwrite={
        overwriting.length > 0
          ? {
              topics: overwritingTopics(overwriting, preview.data?.message),
              send: t(
                `sendOverwriting.${overwriting.some((item) => item.overwrites?.isCompacted) ? 'compacted' : 'ordered'}`,
              ),
            }
          : null
      }
      request={create}
      onSend={onSend}
      onClose={onClose}
    >
      {preview.data ? <Lines preview={preview.data} /> : null}
    </RetryFrame>
  );
}

/** One message, as its topic of a retry of many: several groups on one topic would replace the same state. */
function overwritingTopics(
  items: RetryPreview['items'],
  message: RetryPreview['message'] | undefined,
): OverwritingTopic[] {
  const byTopic = new Map(items.map((item) => [item.targetTopic, item.overwrites]));
  return [...byTopic].map(([topic, overwrites]) => ({
    topic,
    isCompacted: overwrites?.isCompacted ?? false,
    count: 1,
    some: [
      {
        messageId: message?.id ?? '',
        key: message?.key ?? null,
        position: overwrites?.position ?? null,
      },
    ],
  }));
}

function Lines({ preview }: { preview: RetryPreview }) {
  const t = useTranslations('retries');
  const format = useFormat();
  return (
    <ul className={classes.lines}>
      {preview.items.map((item) => (
        <li key={item.group}>
          {item.skip ? (
            <IconBan size={16} aria-hidden className="quiet" />
          ) : (
            <IconTargetArrow size={16} aria-hidden className={classes.good} />
          )}
          <span>
            {item.skip === 'being_retried' && item.retriedBy
              ? t('skip.being_retried', {
                  group: item.group,
                  operator: item.retriedBy.operator,
                  time: format.time(item.retriedBy.at),
                })
              : item.skip && item.skip !== 'being_retried'
                ? t(`skip.${item.skip}`, {
                    group: item.group,
                    topic: item.targetTopic,
                    size: format.bytes(item.size?.bytes ?? 0),
                    limit: format.bytes(item.size?.limit ?? 0),
                    codec: item.size?.codec ?? 'none',
                  })
                : t.rich(item.alone ? 'onlyGroup' : 'toTopic', {
                    topic: item.targetTopic,
                    group: item.group,
                    code: (chunks) => <code>{chunks}</code>,
                  })}
          </span>
        </li>
      ))}
      <UnreadLines unread={preview.unread} />
      {preview.body ? (
        <li>
          <IconFileText size={16} aria-hidden className="quiet" />
          <span>
            {t.rich(`body.${preview.body.from}`, {
              position: preview.body.position,
              size: format.bytes(preview.body.size),
              code: (chunks) => <code>{chunks}</code>,
            })}
          </span>
        </li>
      ) : null}
    </ul>
  );
}
