'use client';

import { NativeSelect, Radio, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { GroupView, MovePlanRequest } from '@/lib/contract/groups';
import classes from '../groups.module.css';

const KINDS = ['time', 'offset', 'lag', 'start', 'end'] as const;
type Kind = (typeof KINDS)[number];

/** What is typed and chosen in the dialog. */
export interface MoveFieldValues {
  topic: string | null;
  partition: number | null;
  kind: Kind;
  /** A time in UTC as a browser's field has it, to the minute. */
  at: string;
  offset: string;
  lag: string;
}

const DIGITS = /^\d{1,19}$/;
const LAG_DIGITS = /^\d{1,15}$/;

/** The plan of the fields; null while they are incomplete. */
export function planOf({ topic, partition, kind, at, offset, lag }: MoveFieldValues): MovePlanRequest | null {
  const place = { topic, partition: topic === null ? null : partition };
  switch (kind) {
    case 'time': {
      const time = Date.parse(`${at}:00Z`);
      return Number.isNaN(time) ? null : { ...place, to: { kind, at: new Date(time).toISOString() } };
    }
    case 'offset':
      return DIGITS.test(offset) ? { ...place, to: { kind, offset: BigInt(offset).toString() } } : null;
    case 'lag':
      return LAG_DIGITS.test(lag) ? { ...place, to: { kind, lag: Number(lag) } } : null;
    default:
      return { ...place, to: { kind } };
  }
}

/** Which partitions are moved, and where to. */
export function MoveFields({
  group,
  fields,
  onChange,
}: {
  group: GroupView;
  fields: MoveFieldValues;
  onChange: (fields: MoveFieldValues) => void;
}) {
  const t = useTranslations('groups.move');
  const partitions = group.partitions
    .filter(({ topic }) => topic === fields.topic)
    .map(({ partition }) => partition)
    .sort((a, b) => a - b);
  const set = (change: Partial<MoveFieldValues>) => onChange({ ...fields, ...change });
  return (
    <>
      <div className={classes.moveWhat}>
        <NativeSelect
          size="xs"
          label={t('topic')}
          value={fields.topic ?? ''}
          onChange={({ target }) => set({ topic: target.value || null, partition: null })}
        >
          <option value="">{t('allTopics')}</option>
          {group.topics.map((topic) => (
            <option key={topic}>{topic}</option>
          ))}
        </NativeSelect>
        <NativeSelect
          size="xs"
          label={t('partition')}
          value={fields.partition ?? ''}
          disabled={fields.topic === null}
          onChange={({ target }) => set({ partition: target.value === '' ? null : Number(target.value) })}
        >
          <option value="">{t('allPartitions')}</option>
          {partitions.map((partition) => (
            <option key={partition}>{partition}</option>
          ))}
        </NativeSelect>
      </div>
      <Radio.Group
        label={t('to')}
        value={fields.kind}
        onChange={(kind) => set({ kind: KINDS.find((known) => known === kind) ?? 'time' })}
      >
        <div className={classes.moveKinds}>
          {KINDS.map((kind) => (
            <Radio key={kind} size="xs" value={kind} label={t(`kind.${kind}`)} />
          ))}
        </div>
      </Radio.Group>
      {fields.kind === 'time' ? (
        <TextInput
          size="xs"
          type="datetime-local"
          label={t('at')}
          value={fields.at}
          onChange={({ target }) => set({ at: target.value })}
        />
      ) : null}
      {fields.kind === 'offset' || fields.kind === 'lag' ? (
        <TextInput
          size="xs"
          inputMode="numeric"
          label={t(fields.kind)}
          value={fields[fields.kind]}
          error={planOf(fields) === null && fields[fields.kind] !== '' ? t('noNumber') : null}
          onChange={({ target }) => set({ [fields.kind]: target.value.trim() })}
        />
      ) : null}
    </>
  );
}
