'use client';

import { Button, Checkbox, Modal, Textarea, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Link } from '@/components/page/link';
import { Problem } from '@/components/page/problem';
import { SHEET } from '@/components/ui/sheet';
import { usePublishTest, useTest } from '@/lib/client/use-topics';
import classes from './topics.module.css';

const EMPTY = { key: '', type: '', partition: '', headers: '', payload: '{\n  \n}', isTombstone: false };

/** Publishes a test message and shows its outcome. */
export function TestDialog({ topic, onClose }: { topic: string; onClose: () => void }) {
  const t = useTranslations('topics.test');
  const [input, setInput] = useState(EMPTY);
  const publish = usePublishTest(topic);
  const test = useTest(publish.data?.id ?? null);
  const lines = input.headers.split('\n').filter((line) => line.trim() !== '');
  const badLine = lines.find((line) => !/^[^=\s]+=/.test(line.trim()));
  const submit = () =>
    publish.mutate({
      key: input.key || null,
      type: input.type.trim() || null,
      partition: /^\d+$/.test(input.partition) ? Number(input.partition) : null,
      headers: lines.map((line): [string, string] => {
        const at = line.indexOf('=');
        return [line.slice(0, at).trim(), line.slice(at + 1)];
      }),
      payload: input.isTombstone ? null : input.payload,
    });
  const text = (name: 'key' | 'type' | 'partition') => (
    <TextInput
      size="xs"
      label={t(name)}
      value={input[name]}
      onChange={(event) => setInput({ ...input, [name]: event.target.value })}
    />
  );
  const state = test.data?.state;
  return (
    <Modal
      opened
      onClose={onClose}
      size={600}
      padding={24}
      radius={10}
      withCloseButton={false}
      classNames={SHEET}
      attributes={{ content: { 'aria-label': t('title', { topic }) } }}
    >
      <form
        className={classes.form}
        style={{ padding: 0 }}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <h2>{t('title', { topic })}</h2>
        <p className="soft" style={{ margin: 0 }}>
          {t('hint', { topic })}
        </p>
        {text('key')}
        {text('type')}
        {text('partition')}
        <Textarea
          size="xs"
          label={t('headers')}
          autosize
          minRows={1}
          value={input.headers}
          error={badLine ? t('badHeader', { line: badLine }) : undefined}
          onChange={(event) => setInput({ ...input, headers: event.target.value })}
        />
        <Checkbox
          size="xs"
          label={t('tombstone')}
          checked={input.isTombstone}
          onChange={(event) => setInput({ ...input, isTombstone: event.target.checked })}
        />
        <Textarea
          size="xs"
          label={t('payload')}
          autosize
          minRows={4}
          maxRows={16}
          disabled={input.isTombstone}
          value={input.payload}
          onChange={(event) => setInput({ ...input, payload: event.target.value })}
        />
        <div role="status">
          {publish.error ? (
            <p className={classes.problem}>
              <Problem error={publish.error} changes />
            </p>
          ) : null}
          {state ? t(`state.${state}`, { detail: test.data?.detail ?? '–' }) : null}{' '}
          {state === 'SENT' ? <Link href={`/messages/${publish.data?.id ?? ''}`}>{t('follow')}</Link> : null}
        </div>
        <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" disabled={badLine !== undefined} loading={publish.isPending}>
            {t('send')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
