'use client';

import { addressOf } from '@/lib/client/api';
import { SegmentedControl } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Problem } from '@/components/page/problem';
import { Copy } from '@/components/ui/copy';
import { JsonTree } from '@/components/ui/json-tree';
import { Skeletons } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { onCluster } from '@/lib/client/cluster';
import { usePayload } from '@/lib/client/use-messages';
import type { PayloadView } from '@/lib/contract/messages';
import classes from './message.module.css';

type View = 'tree' | 'raw' | 'hex';

/** The payload as a tree, raw or in hexadecimal, and where it was read from. */
export function Payload({ id }: { id: string }) {
  const t = useTranslations('payload');
  const format = useFormat();
  const { data, error } = usePayload(id);
  const search = useSearchParams();
  const [chosen, setChosen] = useState<View | null>(null);
  if (error)
    return (
      <div className={classes.empty}>
        <Problem error={error} />
      </div>
    );
  if (!data) return <Skeletons rows={6} label={t('loading')} />;
  const { payload } = data;
  if (data.from === null || payload === null) return <Absent payload={data} />;
  const views: View[] =
    payload.state === 'json' && !payload.cut
      ? ['tree', 'raw', 'hex']
      : payload.text === null
        ? ['hex']
        : ['raw', 'hex'];
  const view = chosen && views.includes(chosen) ? chosen : (views[0] ?? 'hex');
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
        {payload.state === 'null' || payload.state === 'empty' ? (
          <p className={classes.empty}>{t(`nothing.${payload.state}`)}</p>
        ) : (
          <>
            <div className={classes.bodyHead}>
              <SegmentedControl
                size="xs"
                value={view}
                onChange={(next) => setChosen(next)}
                data={views.map((view) => ({ value: view, label: t(`view.${view}`) }))}
                aria-label={t('viewLabel')}
              />
              {payload.text === null ? null : <Copy value={payload.text} what={t('copy')} />}
              <a
                href={onCluster(addressOf('GET /api/messages/{id}/payload/raw', { params: { id } }), search)}
                download
                className={classes.download}
              >
                {t('download')}
              </a>
            </div>
            {view === 'tree' && payload.text !== null ? <JsonTree text={payload.text} /> : null}
            {view === 'raw' ? (
              <pre className={classes.raw} tabIndex={0}>
                {payload.text}
              </pre>
            ) : null}
            {view === 'hex' ? (
              <pre className={classes.raw} tabIndex={0}>
                {hexDump(payload.hex)}
              </pre>
            ) : null}
            {payload.cut ? (
              <p className={classes.empty}>{t('cut', { size: format.bytes(payload.size) })}</p>
            ) : null}
          </>
        )}
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

function hexDump(hex: string): string {
  const lines: string[] = [];
  for (let at = 0; at < hex.length; at += 32) {
    const bytes = hex.slice(at, at + 32).match(/../g) ?? [];
    const text = bytes
      .map((byte) => (byte >= '20' && byte < '7f' ? String.fromCharCode(parseInt(byte, 16)) : '.'))
      .join('');
    lines.push(`${(at / 2).toString(16).padStart(6, '0')}  ${bytes.join(' ').padEnd(47)}  ${text}`);
  }
  return lines.join('\n');
}
