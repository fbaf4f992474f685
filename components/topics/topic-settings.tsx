'use client';

import { Button, NativeSelect, Switch, Textarea } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Problem } from '@/components/page/problem';
import { useFormat } from '@/components/ui/use-format';
import { isConflict, type ApiError } from '@/lib/client/api';
import { useConfigureTopic, useTopic } from '@/lib/client/use-topics';
import type { TopicView } from '@/lib/contract/topics';
import classes from './topics.module.css';

type Policy = TopicView['policy'];
const POLICIES = ['none', 'failures', 'all'] as const;

/** What Courier keeps of a topic's messages, and what it missed. */
export function TopicSettings({ name }: { name: string }) {
  const { data } = useTopic(name);
  return data ? <Form topic={data} /> : null;
}

function Form({ topic }: { topic: TopicView }) {
  const t = useTranslations('topics.settings');
  const format = useFormat();
  const configure = useConfigureTopic(topic.name);
  const [indexed, setIndexed] = useState(topic.policy.indexed);
  const [headers, setHeaders] = useState(topic.policy.idHeaders.join('\n'));
  const [bodyPolicy, setBodyPolicy] = useState(topic.policy.bodyPolicy);
  // The policy when this form was opened: a change by another operator meanwhile is shown, not overwritten.
  const [was, setWas] = useState(topic.policy);
  const may = topic.can.configure.allowed;
  const conflict = configure.error && isConflict(configure.error) ? conflictOf(configure.error) : null;
  const save = (seen = was) => {
    const lines = headers.split('\n').map((line) => line.trim());
    const mine: Policy = { indexed, bodyPolicy, idHeaders: [...new Set(lines.filter(Boolean))] };
    configure.mutate({ ...mine, was: seen }, { onSuccess: () => setWas(mine) });
  };
  const take = (theirs: Policy) => {
    setIndexed(theirs.indexed);
    setHeaders(theirs.idHeaders.join('\n'));
    setBodyPolicy(theirs.bodyPolicy);
    setWas(theirs);
    configure.reset();
  };
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
              {topic.indexedSince ? t('since', { time: format.time(topic.indexedSince) }) : null}{' '}
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
        <NativeSelect
          label={t('bodies')}
          disabled={!may}
          value={bodyPolicy}
          onChange={({ target: { value } }) =>
            setBodyPolicy(POLICIES.find((item) => item === value) ?? bodyPolicy)
          }
          data={POLICIES.map((value) => ({ value, label: t(`bodyPolicy.${value}`) }))}
        />
        <div role="status">
          {configure.error && !conflict ? (
            <div className={classes.problem}>
              <Problem error={configure.error} changes />
            </div>
          ) : null}
          {configure.isSuccess ? t('saved') : null}
          {may ? null : t('mayNot')}
        </div>
        {conflict ? (
          <Conflict conflict={conflict} onTake={() => take(conflict.now)} onKeep={() => save(conflict.now)} />
        ) : null}
        <Button
          type="submit"
          disabled={!may || conflict !== null}
          loading={configure.isPending}
          w="fit-content"
        >
          {t('save')}
        </Button>
      </form>
      <TypesAndGaps topic={topic} />
    </>
  );
}

/** Types that were seen on the topic, and records that left it before they were read. */
function TypesAndGaps({ topic }: { topic: TopicView }) {
  const t = useTranslations('topics.settings');
  const format = useFormat();
  return (
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
  );
}

interface ConflictDetails {
  now: Policy;
  by: string | null;
  at: string | null;
}

function conflictOf(error: Error): ConflictDetails {
  return (error as ApiError).details as unknown as ConflictDetails;
}

/** Another operator saved meanwhile: shows that version, and asks which of the two is kept. */
function Conflict({
  conflict,
  onTake,
  onKeep,
}: {
  conflict: ConflictDetails;
  onTake: () => void;
  onKeep: () => void;
}) {
  const t = useTranslations('topics.settings');
  const format = useFormat();
  const { now, by, at } = conflict;
  return (
    <div role="alert" className={classes.conflict}>
      <b>{t('conflict', { by: by ?? t('somebody'), time: at ? format.time(at) : '–' })}</b>
      <p>
        {t('theirs', {
          indexed: String(now.indexed),
          headers: format.list(now.idHeaders) || '–',
          bodies: t(`bodyPolicy.${now.bodyPolicy}`),
        })}
      </p>
      <div>
        <Button variant="default" onClick={onTake}>
          {t('takeTheirs')}
        </Button>
        <Button variant="default" onClick={onKeep}>
          {t('keepMine')}
        </Button>
      </div>
    </div>
  );
}
