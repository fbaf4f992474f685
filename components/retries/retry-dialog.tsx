'use client';

import { Button, Modal, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconBan, IconFileText, IconTargetArrow } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState, type KeyboardEvent } from 'react';
import { useFormat } from '@/components/ui/use-format';
import { ApiError } from '@/lib/client/api';
import { useCreateRetry, useRetryPreview, type RetryPreview } from '@/lib/client/use-retries';
import classes from './retries.module.css';

interface Props {
  messageId: string;
  groups: string[];
  onClose: () => void;
}

/** One screen: what will be sent where and who will see it; the dry run starts on opening. Two presses in all. */
export function RetryDialog({ messageId, groups, onClose }: Props) {
  const t = useTranslations('retries');
  const format = useFormat();
  // However often its button is pressed, this dialog is one retry.
  const [key] = useState(() => crypto.randomUUID());
  const [reason, setReason] = useState('');
  const preview = useRetryPreview(messageId, groups);
  const create = useCreateRetry(key);
  const items = preview.data?.items ?? [];
  const open = items.filter((item) => item.skip === null);
  const others = [...new Set(open.flatMap((item) => item.others))];
  const can = open.length > 0 && !create.isPending;
  const submit = () => {
    if (!can) return;
    const trimmed = reason.trim();
    create.mutate(
      {
        messageId,
        groups: open.map((item) => item.group),
        acceptOthers: others,
        ...(trimmed ? { reason: trimmed } : {}),
      },
      {
        onSuccess: () => {
          notifications.show({ message: t('accepted'), closeButtonProps: { 'aria-label': t('dismiss') } });
          onClose();
        },
      },
    );
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  const to = open.map((item) => item.group).join(', ') || groups.join(', ');
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={600}
      yOffset={104}
      padding={0}
      radius={10}
      attributes={{ content: { 'aria-label': t('title', { group: to }) } }}
    >
      {others.length > 0 ? (
        <div className={classes.amber}>
          <IconAlertTriangle size={18} aria-hidden />
          <span>
            {t('seenByOthers', {
              count: others.length + open.length,
              groups: [...open.map((item) => item.group), ...others].join(', '),
            })}
          </span>
        </div>
      ) : null}
      <div className={classes.dialog}>
        <div className={classes.dialogHead}>
          <h2>{t('title', { group: to })}</h2>
          <span className="quiet">
            {preview.data ? t('dryRun', { time: format.time(preview.data.at) }) : t('counting')}
          </span>
        </div>
        {preview.error ? <p className={classes.problem}>{preview.error.message}</p> : null}
        {preview.data ? <Lines preview={preview.data} /> : <div className={classes.wait} />}
        <Textarea
          label={t('reason')}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={onKey}
          autosize
          minRows={2}
          maxLength={1_000}
          data-autofocus
        />
        <div role="alert">
          {create.error ? (
            <p className={classes.problem}>
              {create.error instanceof ApiError ? create.error.message : t('failed')}
            </p>
          ) : null}
        </div>
      </div>
      <div className={classes.dialogFoot}>
        <Button variant="default" size="sm" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button size="sm" onClick={submit} disabled={open.length === 0} loading={create.isPending}>
          {!preview.data
            ? t('counting')
            : others.length > 0
              ? t('sendToAll', { count: others.length + open.length })
              : t('send', { group: to })}
        </Button>
      </div>
    </Modal>
  );
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
              : item.skip === 'not_failing'
                ? t('skip.not_failing', { group: item.group })
                : item.skip === 'no_body'
                  ? t('skip.no_body', { group: item.group })
                  : item.others.length > 0
                    ? t.rich('toTopic', {
                        topic: item.targetTopic,
                        group: item.group,
                        code: (chunks) => <code>{chunks}</code>,
                      })
                    : t.rich('onlyGroup', {
                        topic: item.targetTopic,
                        group: item.group,
                        code: (chunks) => <code>{chunks}</code>,
                      })}
          </span>
        </li>
      ))}
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
