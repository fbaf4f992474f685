'use client';

import { Button, Modal, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Problem } from '@/components/page/problem';
import { SHEET } from '@/components/ui/sheet';
import { useMovePositions, useMovePreview } from '@/lib/client/use-moves';
import type { GroupView, MovePreview } from '@/lib/contract/groups';
import { visibleName } from '@/lib/values/visible-name';
import classes from '../groups.module.css';
import { MoveFields, planOf, type MoveFieldValues } from './move-fields';
import { MoveEffect } from './move-effect';

/** A partition and an offset that a dialog begins with. */
export interface MoveStart {
  topic: string;
  partition: number;
  offset: string;
}

const MINUTES_LENGTH = 16;
const HOUR_MS = 3_600_000;

function fieldsOf(start: MoveStart | undefined): MoveFieldValues {
  return {
    topic: start?.topic ?? null,
    partition: start?.partition ?? null,
    kind: start ? 'offset' : 'time',
    at: new Date(Date.now() - HOUR_MS).toISOString().slice(0, MINUTES_LENGTH),
    offset: start?.offset ?? '',
    lag: '0',
  };
}

/** Asks where positions are moved to, shows what that skips and repeats, and moves them once the group's name is typed. */
export function MoveDialog({
  group,
  start,
  onClose,
}: {
  group: GroupView;
  start?: MoveStart | undefined;
  onClose: () => void;
}) {
  const t = useTranslations('groups.move');
  const { name } = group;
  const [fields, setFields] = useState(() => fieldsOf(start));
  const [typed, setTyped] = useState('');
  const [why, setWhy] = useState('');
  // However often its button is pressed, this dialog is one move.
  const [id, setId] = useState(() => crypto.randomUUID());
  const plan = planOf(fields);
  const preview = useMovePreview(name, plan);
  const move = useMovePositions(name);
  const changed = preview.data?.partitions.filter((item) => item.from !== item.to) ?? [];
  const isReady = plan !== null && preview.data?.refusal === null && !preview.isError && changed.length > 0;
  const isConfirmed = typed.trim() === visibleName(name).trim();
  const change = (next: MoveFieldValues) => {
    setFields(next);
    setId(crypto.randomUUID());
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={600}
      padding={24}
      radius={10}
      withCloseButton={false}
      classNames={SHEET}
      attributes={{ content: { 'aria-label': t('title', { name: visibleName(name) }) } }}
    >
      <form
        className={classes.expectForm}
        onSubmit={(event) => {
          event.preventDefault();
          if (!plan || !isReady || !isConfirmed) return;
          move.mutate(
            { id, to: plan.to, partitions: placesOf(changed), ...(why.trim() ? { reason: why.trim() } : {}) },
            { onSuccess: onClose, onError: () => void preview.refetch() },
          );
        }}
      >
        <h2>{t('title', { name: visibleName(name) })}</h2>
        <MoveFields group={group} fields={fields} onChange={change} />
        <div className={classes.moveEffect} aria-live="polite">
          {preview.error ? (
            <Problem error={preview.error} />
          ) : preview.data && plan ? (
            <MoveEffect name={visibleName(name)} preview={preview.data} />
          ) : (
            <span className="quiet">{t(plan ? 'counting' : 'incomplete')}</span>
          )}
        </div>
        <TextInput
          size="xs"
          label={t('why')}
          value={why}
          maxLength={1_000}
          onChange={(event) => setWhy(event.target.value)}
        />
        <TextInput
          size="xs"
          label={t.rich('confirm', { name: visibleName(name), code: (chunks) => <code>{chunks}</code> })}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
        <div role="alert">{move.error ? <Problem error={move.error} changes /> : null}</div>
        <div className={classes.dialogActions}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={move.isPending} disabled={!isReady || !isConfirmed}>
            {t('move')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function placesOf(changed: MovePreview['partitions']) {
  return changed.map(({ topic, partition, from, to }) => ({ topic, partition, from, to }));
}
