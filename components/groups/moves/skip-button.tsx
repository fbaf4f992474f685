'use client';

import { Button, Modal, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Problem } from '@/components/page/problem';
import { SHEET } from '@/components/ui/sheet';
import { useSkip } from '@/lib/client/use-moves';
import { visibleName } from '@/lib/values/visible-name';
import classes from '../groups.module.css';

interface Place {
  topic: string;
  partition: number;
  offset: string;
}

/** Has a group of the SDK give up the record at its position, after a confirmation. */
export function SkipButton({ name, place }: { name: string; place: Place }) {
  const t = useTranslations('groups.skip');
  const [isOpen, setOpen] = useState(false);
  const [why, setWhy] = useState('');
  const skip = useSkip(name);
  const words = {
    name: visibleName(name),
    topic: place.topic,
    partition: place.partition,
    offset: place.offset,
  };
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
        {t('open')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        size={480}
        padding={24}
        radius={10}
        withCloseButton={false}
        classNames={SHEET}
        attributes={{ content: { 'aria-label': t('title', words) } }}
      >
        <form
          className={classes.expectForm}
          onSubmit={(event) => {
            event.preventDefault();
            skip.mutate(
              { ...place, ...(why.trim() ? { reason: why.trim() } : {}) },
              { onSuccess: () => setOpen(false) },
            );
          }}
        >
          <h2>{t('title', words)}</h2>
          <p>{t('what', words)}</p>
          <TextInput
            size="xs"
            label={t('why')}
            value={why}
            maxLength={1_000}
            onChange={({ target }) => setWhy(target.value)}
          />
          <div role="alert">{skip.error ? <Problem error={skip.error} changes /> : null}</div>
          <div className={classes.dialogActions}>
            <Button variant="default" onClick={() => setOpen(false)}>
              {t('cancel')}
            </Button>
            <Button type="submit" loading={skip.isPending}>
              {t('open')}
            </Button>
          </div>
        </form>
      </Modal>
    </>
  );
}
