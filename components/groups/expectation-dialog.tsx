'use client';

import { Button, Checkbox, Modal, Radio, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Problem } from '@/components/page/problem';
import { SHEET } from '@/components/ui/sheet';
import { useExpectNoMembers } from '@/lib/client/use-groups';
import type { Expectation, Schedule } from '@/lib/domain/groups/expectation';
import { DAYS } from './expected-words';
import classes from './groups.module.css';

const DAY_MS = 86_400_000;
const MINUTES_LENGTH = 16;

/** Asks when a group may have no members. Times of a date are UTC, as everywhere on the page; a schedule has its own zone. */
export function ExpectationDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const t = useTranslations('groups.expected');
  const expect = useExpectNoMembers(name);
  const [kind, setKind] = useState<Expectation['kind']>('until');
  const [until, setUntil] = useState(() =>
    new Date(Date.now() + DAY_MS).toISOString().slice(0, MINUTES_LENGTH),
  );
  const [schedule, setSchedule] = useState<Schedule>(() => ({
    days: [1, 2, 3, 4, 5],
    from: '20:00',
    to: '06:00',
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }));
  const [note, setNote] = useState('');
  const expectation = (): Expectation =>
    kind === 'until'
      ? { kind, until: new Date(`${until}:00Z`).toISOString() }
      : kind === 'schedule'
        ? { kind, schedule }
        : { kind };
  const isComplete = kind !== 'until' || !Number.isNaN(Date.parse(`${until}:00Z`));
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      padding={24}
      radius={10}
      withCloseButton={false}
      classNames={SHEET}
      attributes={{ content: { 'aria-label': t('title', { name }) } }}
    >
      <form
        className={classes.expectForm}
        onSubmit={(event) => {
          event.preventDefault();
          expect.mutate(
            { expectation: expectation(), ...(note.trim() ? { note } : {}) },
            { onSuccess: onClose },
          );
        }}
      >
        <h2>{t('title', { name })}</h2>
        <p className="soft">{t('hint')}</p>
        <Radio.Group aria-label={t('title', { name })} value={kind} onChange={setKind}>
          <Radio size="xs" value="until" label={t('kind.until')} />
          <Radio size="xs" value="schedule" label={t('kind.schedule')} />
          <Radio size="xs" value="always" label={t('kind.always')} />
        </Radio.Group>
        {kind === 'until' ? (
          <TextInput
            size="xs"
            type="datetime-local"
            label={t('untilLabel')}
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        ) : null}
        {kind === 'schedule' ? <ScheduleFields schedule={schedule} onChange={setSchedule} /> : null}
        <TextInput
          size="xs"
          label={t('noteLabel')}
          value={note}
          maxLength={500}
          onChange={(event) => setNote(event.target.value)}
        />
        <div role="status">{expect.error ? <Problem error={expect.error} changes /> : null}</div>
        <div className={classes.dialogActions}>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" loading={expect.isPending} disabled={!isComplete}>
            {t('save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function ScheduleFields({
  schedule,
  onChange,
}: {
  schedule: Schedule;
  onChange: (schedule: Schedule) => void;
}) {
  const t = useTranslations('groups.expected');
  const words = useTranslations('expected');
  return (
    <>
      <Checkbox.Group
        label={t('days')}
        value={schedule.days.map(String)}
        onChange={(days) => onChange({ ...schedule, days: days.map(Number).sort() })}
      >
        <div className={classes.days}>
          {DAYS.map((day) => (
            <Checkbox key={day} size="xs" value={day} label={words(`day.${day}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <div className={classes.days}>
        {(['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            size="xs"
            type="time"
            label={t(end)}
            value={schedule[end]}
            onChange={(event) => onChange({ ...schedule, [end]: event.target.value })}
          />
        ))}
        <TextInput
          size="xs"
          label={t('zone')}
          value={schedule.zone}
          onChange={(event) => onChange({ ...schedule, zone: event.target.value })}
        />
      </div>
    </>
  );
}
