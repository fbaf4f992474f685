'use client';

import { useTranslations } from 'next-intl';
import { Skeletons } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useHeaders } from '@/lib/client/use-messages';
import type { MessageStory } from '@/lib/contract/messages';
import classes from './message.module.css';
import { HeaderText } from '../header-text';
import { Absent } from './payload';

/** Headers in the record's order, decoded where they are text; below them every position of the message. */
export function HeaderList({ id, positions }: { id: string; positions: MessageStory['positions'] }) {
  const t = useTranslations('headers');
  const format = useFormat();
  const { data } = useHeaders(id);
  if (!data) return <Skeletons rows={5} label={t('loading')} />;
  return (
    <>
      {data.from === null ? <Absent payload={data} /> : null}
      <dl className={classes.pairs}>
        {data.headers.map((header, at) => (
          <div key={at}>
            <dt>
              <code>{header.name === '' ? t('noName') : header.name}</code>
            </dt>
            <dd>
              <HeaderText header={header} />
            </dd>
          </div>
        ))}
      </dl>
      <h3 className={classes.subhead}>{t('positions')}</h3>
      <dl className={classes.pairs}>
        {positions.map((position) => (
          <div key={position.text}>
            <dt>{t(`role.${position.role}`)}</dt>
            <dd>
              <code>{position.text}</code>
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.empty}>
        {data.from
          ? t(`from.${data.from}`, {
              position: data.position ?? '',
              size: format.bytes(data.payload?.size ?? 0),
            })
          : null}
      </p>
    </>
  );
}
