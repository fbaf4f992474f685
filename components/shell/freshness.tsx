'use client';

import { Popover } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { isSignedOut } from '@/lib/client/api';
import { useWorkers } from '@/lib/client/use-workers';
import type { WorkerView } from '@/lib/contract/workers';
import { progressOf } from '@/lib/domain/workers/reading';
import { isBroken } from '@/lib/domain/workers/worker';
import classes from './shell.module.css';
import { useWorkerName } from '@/components/page/use-worker-name';

/** What takes longer to read than this is a backlog: its time left is shown, not how late the last record was. */
const BACKLOG_SECONDS = 5;

/** How old what one sees is, and behind a click what each of Courier's workers does. */
export function Freshness() {
  const t = useTranslations('workers');
  const format = useFormat();
  const { data, error } = useWorkers();
  // The error of an ended session does not mean that the server is unreachable.
  const isError = error !== null && !isSignedOut(error);
  const broken = data?.workers.filter((worker) => isBroken(worker.state)) ?? [];
  const { records, delaySeconds, leftSeconds } = progressOf(data?.workers ?? []);
  const ill = isError || broken.length > 0 || (data && data.workers.length === 0);
  const words = isError
    ? t('unreachable')
    : !data
      ? ''
      : data.workers.length === 0
        ? t('none')
        : broken.length > 0
          ? t('broken', { count: broken.length })
          : records !== null && leftSeconds !== null && leftSeconds >= BACKLOG_SECONDS
            ? t('reading', { count: records, time: format.duration(leftSeconds) })
            : t('late', { time: format.duration(delaySeconds ?? 0) });
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

function WorkerLine({ worker, at }: { worker: WorkerView; at: string }) {
  const nameOf = useWorkerName();
  const t = useTranslations('workers');
  const format = useFormat();
  const age = (Date.parse(at) - Date.parse(worker.beatAt)) / 1_000;
  const error = worker.state === 'failing' ? worker.detail.error : undefined;
  return (
    <li data-broken={isBroken(worker.state)}>
      <span>{nameOf(worker.worker)}</span>
      <span>{t(`state.${worker.state}`)}</span>
      <span className="quiet">{t('beat', { time: format.duration(age) })}</span>
      {error ? <code>{error}</code> : null}
    </li>
  );
}
