'use client';

import { Button, Modal, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconBan, IconTargetArrow } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { useGo } from '@/components/shell/link';
import { useFormat } from '@/components/ui/use-format';
import { useCreateMany, useManyPreview, type Selected } from '@/lib/client/use-retries';
import type { ManyPreview } from '@/lib/domain/retry-views';
import classes from './retries.module.css';

/** Many messages, one group, one screen: what will be sent where, what will be skipped, who else will see it. */
export function RetryManyDialog({ selected, onClose }: { selected: Selected; onClose: () => void }) {
  const t = useTranslations('retryMany');
  const common = useTranslations('retries');
  const format = useFormat();
  const go = useGo();
  // However often its button is pressed, this dialog is one retry.
  const [key] = useState(() => crypto.randomUUID());
  const [reason, setReason] = useState('');
  const { data, error } = useManyPreview(selected);
  const create = useCreateMany(key);
  const others = data?.others ?? [];
  const submit = () => {
    if (!data || data.open === 0 || create.isPending) return;
    const trimmed = reason.trim();
    create.mutate(
      { selected, acceptOthers: others, ...(trimmed ? { reason: trimmed } : {}) },
      {
        onSuccess: ({ id }) => {
          notifications.show({
            message: t('accepted'),
            closeButtonProps: { 'aria-label': common('dismiss') },
          });
          onClose();
          go(`/retries/${id}`);
        },
      },
    );
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  const title = t('title', {
    open: data?.open ?? 0,
    selected: data?.selected ?? ('messageIds' in selected ? selected.messageIds.length : 0),
    group: selected.group,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={600}
      yOffset={104}
      padding={0}
      radius={10}
      attributes={{ content: { 'aria-label': title } }}
    >
      {data && others.length > 0 ? (
        <div className={classes.amber}>
          <IconAlertTriangle size={18} aria-hidden />
          <span>
            {t('others', { count: others.length + 1, groups: [data.group, ...others].join(', ') })}{' '}
            {t('noRetryTopic', { group: data.group })}
          </span>
        </div>
      ) : null}
      <div className={classes.dialog}>
        <div className={classes.dialogHead}>
          <h2>{title}</h2>
          <span className="quiet">
            {data ? common('dryRun', { time: format.time(data.at) }) : common('counting')}
          </span>
        </div>
        {error ? <p className={classes.problem}>{error.message}</p> : null}
        {data ? <Lines preview={data} /> : <div className={classes.wait} />}
        <Textarea
          label={common('reason')}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={onKey}
          autosize
          minRows={2}
          maxLength={1_000}
          data-autofocus
        />
        <div role="alert">
          {create.error ? <p className={classes.problem}>{create.error.message}</p> : null}
        </div>
      </div>
      <div className={classes.dialogFoot}>
        <Button variant="default" size="sm" onClick={onClose}>
          {common('cancel')}
        </Button>
        <Button size="sm" onClick={submit} disabled={!data || data.open === 0} loading={create.isPending}>
          {!data
            ? common('counting')
            : others.length > 0
              ? t('sendAll', { count: data.open, groups: others.length + 1 })
              : t('send', { count: data.open })}
        </Button>
      </div>
    </Modal>
  );
}

function Lines({ preview }: { preview: ManyPreview }) {
  const t = useTranslations('retryMany');
  const code = (chunks: ReactNode) => <code>{chunks}</code>;
  const skipped = preview.skipped.reduce((sum, one) => sum + one.count, 0);
  const reasons = preview.skipped.map(({ reason, count, by }) =>
    reason === 'not_failing' || reason === 'being_retried' || reason === 'no_body'
      ? t(`skipWord.${reason}`, { count, by: by ?? '–' })
      : t('skipWord.other', { count }),
  );
  return (
    <ul className={classes.lines}>
      {preview.open > 0 ? (
        <li>
          <IconTargetArrow size={16} aria-hidden className={classes.good} />
          <span>
            {preview.others.length > 0
              ? t.rich('toTopic', { topic: preview.targets.join(', '), code })
              : t.rich('only', { group: preview.group, topic: preview.targets.join(', '), code })}
            {preview.more ? ` ${t('more', { count: preview.selected })}` : null}
          </span>
        </li>
      ) : (
        <li>
          <IconBan size={16} aria-hidden className="quiet" />
          <span>{t('none')}</span>
        </li>
      )}
      {skipped > 0 ? (
        <li>
          <IconBan size={16} aria-hidden className="quiet" />
          <span>{t('skipped', { count: skipped, reasons: reasons.join(' · ') })}</span>
        </li>
      ) : null}
    </ul>
  );
}
