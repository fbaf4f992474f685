'use client';

import { Button, Select, Switch, Textarea } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useFormat } from '@/components/ui/use-format';
import { useConfigureTopic } from '@/lib/client/use-topics';
import type { TopicView } from '@/lib/domain/topic-views';
import classes from './topics.module.css';

const POLICIES = ['none', 'failures', 'all'] as const;

/** What Courier keeps of a topic's messages, and what it missed. */
export function TopicSettings({ topic }: { topic: TopicView }) {
  const t = useTranslations('topics.settings');
  const format = useFormat();
  const configure = useConfigureTopic(topic.name);
  const [indexed, setIndexed] = useState(topic.policy.indexed);
  const [headers, setHeaders] = useState(topic.policy.idHeaders.join('\n'));
  const [bodyPolicy, setBodyPolicy] = useState(topic.policy.bodyPolicy);
  const may = topic.can.configure;
  const save = () =>
    configure.mutate({
      indexed,
      bodyPolicy,
      idHeaders: headers
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    });
  return (
    <>
      <form
        className={`panel ${classes.form}`}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Switch
          size="sm"
          label={t('indexed')}
          description={
            <>
              {t('indexedHint')}{' '}
              {topic.indexBehind === null ? t('notRead') : t('behind', { count: topic.indexBehind })}
            </>
          }
          checked={indexed}
          disabled={!may}
          onChange={(event) => setIndexed(event.target.checked)}
        />
        <Textarea
          label={t('idHeaders')}
          description={t('idHeadersHint')}
          autosize
          minRows={2}
          value={headers}
          disabled={!may}
          onChange={(event) => setHeaders(event.target.value)}
        />
        <Select
          label={t('bodies')}
          allowDeselect={false}
          disabled={!may}
          value={bodyPolicy}
          onChange={(value) => setBodyPolicy(POLICIES.find((one) => one === value) ?? bodyPolicy)}
          data={POLICIES.map((value) => ({ value, label: t(`bodyPolicy.${value}`) }))}
        />
        <div role="status">
          {configure.error ? <p className={classes.problem}>{configure.error.message}</p> : null}
          {configure.isSuccess ? t('saved') : null}
          {may ? null : t('mayNot')}
        </div>
        <Button type="submit" disabled={!may} loading={configure.isPending} w="fit-content">
          {t('save')}
        </Button>
      </form>
      <div className={classes.lists}>
        <section className="panel">
          <div className="panelHead">
            <h2>{t('types')}</h2>
          </div>
          {topic.types.length === 0 ? <p>{t('noTypes')}</p> : null}
          <ul>
            {topic.types.map(({ type, service }) => (
              <li key={`${type} ${service}`}>
                {type} <span className="quiet">{service}</span>
              </li>
            ))}
          </ul>
        </section>
        <section className="panel">
          <div className="panelHead">
            <h2>{t('gaps')}</h2>
          </div>
          {topic.gaps.length === 0 ? <p>{t('noGaps')}</p> : null}
          <ul>
            {topic.gaps.map((gap) => (
              <li key={`${gap.partition} ${gap.from}`}>
                {t('gap', {
                  partition: gap.partition,
                  from: gap.from,
                  to: gap.to,
                  time: format.time(gap.foundAt),
                })}
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}
