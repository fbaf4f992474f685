'use client';

import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useFormat } from '@/components/ui/use-format';
import type { MovePreview } from '@/lib/contract/groups';
import classes from '../groups.module.css';

/** Partitions that the preview lists one by one. */
const LISTED = 100;

/** What a move skips and repeats, whether it is possible now, and each partition on request. */
export function MoveEffect({ name, preview }: { name: string; preview: MovePreview }) {
  const t = useTranslations('groups.move');
  const format = useFormat();
  const strong = (chunks: ReactNode) => <b>{chunks}</b>;
  const { partitions } = preview;
  const back = partitions.filter(({ repeated }) => repeated > 0).length;
  const forward = partitions.filter(({ skipped }) => skipped > 0).length;
  const still = partitions.filter(({ from, to }) => from === to).length;
  return (
    <>
      {preview.refusal ? <Refusal name={name} preview={preview} /> : null}
      <p>
        {back > 0 ? t('back', { back, of: partitions.length, count: preview.repeated }) : null}{' '}
        {forward > 0 ? t.rich('forward', { forward, count: preview.skipped, strong }) : null}{' '}
        {still > 0 ? t('still', { count: still, all: still === partitions.length ? 'yes' : 'no' }) : null}
      </p>
      {preview.compacted.length > 0 ? (
        <p className="soft">{t('compacted', { topics: format.list(preview.compacted) })}</p>
      ) : null}
      {back > 0 ? <p className="soft">{t('repeats')}</p> : null}
      {preview.reading === 'without_membership' ? (
        <p className={classes.moveWarning}>
          <IconAlertTriangle size={16} aria-hidden /> {t('withoutMembership', { name })}
        </p>
      ) : null}
      <details>
        <summary>{t('perPartition', { count: partitions.length })}</summary>
        <Places partitions={partitions} />
      </details>
    </>
  );
}

function Refusal({ name, preview: { refusal, members } }: { name: string; preview: MovePreview }) {
  const t = useTranslations('groups.move');
  const format = useFormat();
  const hosts = format.list([
    ...new Set((members ?? []).map(({ clientId, host }) => `${clientId} (${host})`)),
  ]);
  return (
    <p className={classes.moveWarning}>
      <IconAlertTriangle size={16} aria-hidden />{' '}
      {refusal === 'has_members'
        ? t('running', { name, count: members?.length ?? 0, hosts })
        : t('membersUnknown', { name })}
    </p>
  );
}

function Places({ partitions }: { partitions: MovePreview['partitions'] }) {
  const t = useTranslations('groups.move');
  const words = useTranslations('groups');
  const format = useFormat();
  return (
    <div className={classes.movePlaces}>
      <table className={classes.plain}>
        <thead>
          <tr>
            <th>{words('partition')}</th>
            <th className="num">{t('from')}</th>
            <th className="num">{t('toOffset')}</th>
            <th className="num">{t('skipped')}</th>
            <th className="num">{t('repeated')}</th>
          </tr>
        </thead>
        <tbody>
          {partitions.slice(0, LISTED).map((item) => (
            <tr key={`${item.topic}/${item.partition}`}>
              <td>
                {item.topic} / {item.partition}
              </td>
              <td className="num">{item.from ?? words('noPosition')}</td>
              <td className="num">
                {item.to}
                {item.limitedTo ? <div className="quiet">{t(`limited.${item.limitedTo}`)}</div> : null}
              </td>
              <td className="num">{format.number(item.skipped)}</td>
              <td className="num">{format.number(item.repeated)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {partitions.length > LISTED ? (
        <p className="quiet">{words('moreLines', { count: partitions.length - LISTED })}</p>
      ) : null}
    </div>
  );
}
