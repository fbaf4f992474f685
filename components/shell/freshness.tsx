'use client';

import { Popover } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { isSignedOut } from '@/lib/client/api';
import { useWorkers, type WorkersAnswer } from '@/lib/client/use-workers';
import classes from './shell.module.css';
import { useWorkerName } from '@/components/page/use-worker-name';

type WorkerRow = WorkersAnswer['workers'][number];
const BROKEN = new Set(['failing', 'silent', 'stopped']);

/** How old what one sees is, and behind a click what each of Courier's workers does. */
export function Freshness() {
  const t = useTranslations('workers');
  const format = useFormat();
  const { data, error } = useWorkers();
  // A session that ended says nothing about the server.
  const isError = error !== null && !isSignedOut(error);
  const broken = data?.workers.filter((worker) => BROKEN.has(worker.state)) ?? [];
  const collector = data?.workers.find((worker) => worker.worker === 'collector');
  const delay = Number(collector?.detail.delayMs ?? 0) / 1_000;
  const ill = isError || broken.length > 0 || (data && data.workers.length === 0);
  const words = isError
    ? t('unreachable')
    : !data
      ? ''
      : data.workers.length === 0
        ? t('none')
        : broken.length > 0
          ? t('broken', { count: broken.length })
          : t('late', { time: format.duration(delay) });
  return (
    <Popover position="bottom-end" width={360} shadow="md">
      <Popover.Target>
        <button
          type="button"
          className={ill ? classes.freshnessIll : classes.freshness}
          aria-label={words || t('title')}
        >
          {ill ? <IconAlertTriangle size={14} aria-hidden /> : null}
          <span>{words}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown>
        <h2>{t('title')}</h2>
        <ul className={classes.workers}>
          {data?.workers.map((worker) => (
            <WorkerLine key={worker.worker} worker={worker} at={data.at} />
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}

function WorkerLine({ worker, at }: { worker: WorkerRow; at: string }) {
  const nameOf = useWorkerName();
  const t = useTranslations('workers');
  const format = useFormat();
  const age = (Date.parse(at) - Date.parse(worker.beatAt)) / 1_000;
  const error =
    typeof worker.detail.error === 'string' && worker.state === 'failing' ? worker.detail.error : null;
  return (
    <li data-broken={BROKEN.has(worker.state)}>
      <span>{nameOf(worker.worker)}</span>
      <span>{t(`state.${worker.state}`)}</span>
      <span className="quiet">{t('beat', { time: format.duration(age) })}</span>
      {error ? <code>{error}</code> : null}
    </li>
  );
}
