'use client';

import { Button, Checkbox, Modal, Textarea } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCornerDownLeft } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { Problem } from '@/components/page/problem';
import { SHEET } from '@/components/ui/sheet';
import { useFormat } from '@/components/ui/use-format';
import { isConflict } from '@/lib/client/api';
import { Overwriting, type OverwritingTopic } from './overwriting';
import classes from './retries.module.css';

/** What a person chose in the dialog of a retry, as its request takes it. */
export interface RetryChoice {
  reason?: string;
  overwrite?: string[];
  recordTime?: 'kept';
}

interface Props {
  title: string;
  /** What will happen, before anything else, where others will see the messages again. */
  warning: ReactNode;
  /** The dry run: when it was made, and why there is none. */
  preview: { at: string | undefined; error: Error | null; refetch: () => unknown };
  /** Its lines, once it is there. */
  children: ReactNode;
  /** Words of the button; null while there is nothing to send. */
  send: string | null;
  /** What is left out since newer records are there, and the words of the button once a person agreed to send it too. */
  overwrite?: { topics: OverwritingTopic[]; send: string } | null;
  request: { isPending: boolean; error: Error | null };
  onSend: (choice: RetryChoice) => void;
  onClose: () => void;
}

/**
 * The one screen of every retry: what will be sent where, who will see it, a reason, one button. Enter in the reason
 * sends. A new dry run shows a change by another operator; the retry is sent only when the button is pressed again.
 */
export function RetryFrame(props: Props) {
  const { title, warning, preview, overwrite, request, onSend, onClose } = props;
  const t = useTranslations('retries');
  const format = useFormat();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const [keepsTime, setKeepsTime] = useState(false);
  const isConfirmed = overwrite?.topics[0]?.topic === typed.trim();
  const send = overwrite && isConfirmed ? overwrite.send : props.send;
  const submit = () => {
    if (send === null || request.isPending) return;
    onSend({
      ...(reason.trim() ? { reason: reason.trim() } : {}),
      ...(overwrite && isConfirmed ? { overwrite: overwrite.topics.map(({ topic }) => topic) } : {}),
      ...(keepsTime ? { recordTime: 'kept' } : {}),
    });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      size={600}
      yOffset={104}
      padding={0}
      radius={10}
      classNames={SHEET}
      attributes={{ content: { 'aria-label': title } }}
    >
      {warning ? (
        <div className={classes.amber}>
          <IconAlertTriangle size={18} aria-hidden />
          <span>{warning}</span>
        </div>
      ) : null}
      <div className={classes.dialog}>
        <div className={classes.dialogHead}>
          <h2>{title}</h2>
          <span className="quiet">
            {preview.at ? t('dryRun', { time: format.time(preview.at) }) : t('counting')}
          </span>
        </div>
        {preview.error ? (
          <div className={classes.problem}>
            <Problem error={preview.error} />
            <Button variant="default" onClick={() => void preview.refetch()}>
              {t('again')}
            </Button>
          </div>
        ) : null}
        {preview.at ? props.children : <div className={classes.wait} />}
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
        <Checkbox
          mt={16}
          label={t('keepTime')}
          description={t('keepTimeHint')}
          checked={keepsTime}
          onChange={(event) => setKeepsTime(event.target.checked)}
        />
        {overwrite ? <Overwriting topics={overwrite.topics} typed={typed} onTyped={setTyped} /> : null}
        <div role="alert">
          {request.error ? (
            <div className={classes.problem}>
              {isConflict(request.error) ? `${t('changed')} ` : null}
              <Problem error={request.error} changes />
            </div>
          ) : null}
        </div>
      </div>
      <div className={classes.dialogFoot}>
        <Button variant="default" size="sm" onClick={onClose}>
          {t('cancel')}
        </Button>
        <Button
          size="sm"
          onClick={submit}
          disabled={send === null}
          loading={request.isPending}
          rightSection={send === null || warning ? null : <IconCornerDownLeft size={14} aria-hidden />}
        >
          {send ?? t(preview.at ? 'nothing' : 'counting')}
        </Button>
      </div>
    </Modal>
  );
}

/** Shows for a moment that a retry was accepted. */
export function showAccepted(words: string, dismiss: string): void {
  notifications.show({ message: words, closeButtonProps: { 'aria-label': dismiss } });
}
