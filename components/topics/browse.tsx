'use client';

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { Problem } from '@/components/page/problem';
import { Banner } from '@/components/ui/banner';
import { Skeletons, State } from '@/components/ui/state';
import { useBrowse, useTopic } from '@/lib/client/use-topics';
import type { BrowseAnswer } from '@/lib/contract/topics';
import { BrowseTable } from './browse-table';
import { Segments } from '@/components/ui/segments';
import classes from './topics.module.css';
import { useLiveRecords } from './use-live-records';

const FROM = ['newest', 'oldest', 'offset', 'time'] as const;
const SHAPE = {
  from: parseAsStringLiteral(FROM).withDefault('newest'),
  partition: parseAsInteger,
  offset: parseAsString,
  time: parseAsString,
};

/** Records of a topic straight from the broker: newest, oldest, from an offset or a time on, or live. */
export function Browse({ name }: { name: string }) {
  const format = useFormat();
  const t = useTranslations('topics.browse');
  const unread = useTranslations('topics.unread');
  const partitions = useTopic(name).data?.partitions.length ?? 0;
  const [at, setAt] = useQueryStates(SHAPE, { history: 'push' });
  const { data, error, isFetching, refetch } = useBrowse(name, at);
  const live = useLiveRecords(name, at.partition, data);
  const records = [...live.records, ...(data?.records ?? [])];
  const onFrom = (from: (typeof FROM)[number]) => {
    live.stop();
    void setAt({ from });
  };
  return (
    <div className="panel">
      <div className={classes.bar}>
        <Segments
          label={t('from')}
          value={at.from}
          onChange={onFrom}
          options={FROM.map((value) => ({ value, words: t(value) }))}
        />
        {at.from === 'offset' || at.from === 'time' ? (
          <Where key={at.from} from={at.from} at={at} onGo={(where) => void setAt(where)} />
        ) : null}
        <NativeSelect
          size="xs"
          w={120}
          aria-label={t('partition')}
          value={at.partition === null ? 'all' : String(at.partition)}
          onChange={({ target: { value } }) => {
            live.stop();
            void setAt({ partition: value === 'all' ? null : Number(value) });
          }}
          data={[
            { value: 'all', label: `${t('partition')}: ${t('all')}` },
            ...Array.from({ length: partitions }, (_, item) => ({
              value: String(item),
              label: `${t('partition')} ${item}`,
            })),
          ]}
        />
        {at.from === 'newest' ? (
          <Button variant={live.isOn ? 'filled' : 'default'} onClick={live.isOn ? live.stop : live.start}>
            {t(live.isOn ? 'pause' : 'live')}
          </Button>
        ) : null}
        <span className="quiet">{t('harmless')}</span>
      </div>
      {error ? (
        <State title={t('failed')}>
          <Problem error={error} />
        </State>
      ) : null}
      {!data && isFetching ? <Skeletons rows={8} label={t('loading')} /> : null}
      {data && data.unread.length > 0 ? (
        <Banner>
          {data.unread.map(({ partition, reason }) => (
            <div key={partition}>{t('unread', { partition, reason: unread(reason) })}</div>
          ))}
        </Banner>
      ) : null}
      {data && records.length === 0 ? <NoRecord answer={data} /> : null}
      {data && data.passedOver.length > 0 ? (
        <Banner>
          {data.passedOver.map(({ partition, from, to, reason }) => (
            <div key={`${partition}/${from}`}>{t('passedOver', { partition, from, to, reason })}</div>
          ))}
        </Banner>
      ) : null}
      {records.length > 0 ? <BrowseTable topic={name} records={records} /> : null}
      {data ? (
        <div className={classes.foot}>
          {t('looked', { looked: lookedOf(data, format) })}
          {at.from === 'newest' ? (
            <Button variant="subtle" size="compact-xs" onClick={() => void refetch()}>
              {t('newest')}
            </Button>
          ) : (
            <Button
              variant="subtle"
              size="compact-xs"
              disabled={live.isReading}
              onClick={() => void live.readOn()}
            >
              {t('older')}
            </Button>
          )}
        </div>
      ) : null}
    </div>
  );
}

/** The empty state. Where partitions could not be read it does not claim that they are empty. */
function NoRecord({ answer }: { answer: BrowseAnswer }) {
  const t = useTranslations('topics.browse');
  const format = useFormat();
  const looked = answer.looked.filter(({ from, to }) => from !== to);
  if (answer.unread.length > 0 && looked.length === 0) return <State title={t('notLooked')} />;
  return (
    <State title={t(answer.unread.length > 0 ? 'noneWhereLooked' : 'none')}>
      {t('noneHint', { looked: lookedOf(answer, format) })}
    </State>
  );
}

function lookedOf(answer: BrowseAnswer, format: ReturnType<typeof useFormat>): string {
  return format.list(answer.looked.map(({ partition, from, to }) => `${partition}: ${from} – ${to}`));
}

function Where({
  from,
  at,
  onGo,
}: {
  from: 'offset' | 'time';
  at: { offset: string | null; time: string | null };
  onGo: (where: { offset?: string | null; time?: string | null }) => void;
}) {
  const t = useTranslations('topics.browse');
  const [text, setText] = useState(from === 'offset' ? (at.offset ?? '0') : (at.time?.slice(0, 19) ?? ''));
  return (
    <form
      style={{ display: 'flex', gap: 8 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (from === 'offset') onGo({ offset: /^\d{1,18}$/.test(text) ? text : '0' });
        else if (!Number.isNaN(Date.parse(`${text}Z`))) onGo({ time: new Date(`${text}Z`).toISOString() });
      }}
    >
      <TextInput
        size="xs"
        aria-label={from === 'offset' ? t('offset') : t('at')}
        value={text}
        inputMode={from === 'offset' ? 'numeric' : undefined}
        type={from === 'offset' ? 'text' : 'datetime-local'}
        step={1}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" variant="default">
        {t('go')}
      </Button>
    </form>
  );
}
