'use client';

import { addressOf } from '@/lib/client/api';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { Problem } from '@/components/page/problem';
import { Skeletons } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { onCluster } from '@/lib/client/cluster';
import { usePayload } from '@/lib/client/use-messages';
import type { PayloadView } from '@/lib/contract/messages';
import { Value } from '../value';
import classes from './message.module.css';

/** The payload as a tree, raw or in hexadecimal, and where it was read from. */
export function Payload({ id }: { id: string }) {
  const t = useTranslations('payload');
  const format = useFormat();
  const { data, error } = usePayload(id);
  const search = useSearchParams();
  if (error)
    return (
      <div className={classes.empty}>
        <Problem error={error} />
      </div>
    );
  if (!data) return <Skeletons rows={6} label={t('loading')} />;
  const { payload } = data;
  if (data.from === null || payload === null) return <Absent payload={data} />;
  const facts: [string, React.ReactNode][] = [
    [t('format'), t(`state.${payload.state}`)],
    [t('size'), format.bytes(payload.size)],
    ...(payload.state === 'null'
      ? []
      : ([
          [
            'SHA-256',
            <code
              key="sha"
              title={payload.sha256}
            >{`${payload.sha256.slice(0, 8)}…${payload.sha256.slice(-8)}`}</code>,
          ],
        ] as [string, React.ReactNode][])),
    [t('readFrom'), t(`from.${data.from}`, { position: data.position ?? '' })],
  ];
  return (
    <div className={classes.payload}>
      <div className={classes.body}>
        {data.departure ? (
          <p className={classes.empty}>
            <Departed payload={data} />
          </p>
        ) : null}
        <Value
          value={payload}
          action={
            <a
              href={onCluster(addressOf('GET /api/messages/{id}/payload/raw', { params: { id } }), search)}
              download
              className={classes.download}
            >
              {t('download')}
            </a>
          }
        />
      </div>
      <dl className={classes.side}>
        {facts.map(([word, value]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** Why there are no bytes to show. */
export function Absent({ payload }: { payload: PayloadView }) {
  const t = useTranslations('payload.absent');
  return (
    <p className={classes.empty}>
      {payload.why === 'gone' && payload.departure ? (
        <Departed payload={payload} />
      ) : (
        t(payload.why ?? 'gone')
      )}
    </p>
  );
}

/** When the body left the broker, and until when Courier keeps what it has. */
function Departed({ payload: { departure, kept } }: { payload: PayloadView }) {
  const t = useTranslations('payload.absent');
  const format = useFormat();
  if (!departure) return null;
  const { by, after, before, retentionSeconds } = departure;
  const retention = retentionSeconds === null ? 'none' : format.duration(retentionSeconds);
  return (
    <>
      <b>
        {after
          ? t('goneBetween', { by, after: format.time(after), before: format.time(before), retention })
          : t('goneBefore', { by, before: format.time(before), retention })}
      </b>{' '}
      {t('kept', {
        record: format.day(kept.record),
        copy: kept.copy === null ? 'none' : format.day(kept.copy),
      })}
    </>
  );
}
