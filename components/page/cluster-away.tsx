'use client';

import { Button } from '@mantine/core';
import { useNow, useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { useFormat } from '@/components/ui/use-format';
import { useTryNow, useWorkers, type WorkersAnswer } from '@/lib/client/use-workers';
import { Link } from './link';

type WorkerRow = WorkersAnswer['workers'][number];

/** One banner on every page while the broker of the cluster does not answer, or refuses what Courier must read. */
export function ClusterAway() {
  const t = useTranslations('clusterAway');
  const format = useFormat();
  const tryNow = useTryNow();
  const now = useNow({ updateInterval: 1_000 });
  const { data } = useWorkers();
  const ill = data?.workers.filter(({ state }) => state === 'failing') ?? [];
  const away = ill.filter(({ detail }) => detail.code === 'broker_unreachable');
  const refused = ill.filter(({ detail }) => detail.code === 'broker_refused');
  const [first] = [...away, ...refused];
  if (!data || !first) return null;
  const isAway = away.length > 0;
  const asOf = textOf(
    data.workers.find(({ worker }) => worker === 'lag sampler'),
    'goodAt',
  );
  const again = Math.min(
    ...ill.map((item) => Date.parse(textOf(item, 'againAt') ?? '')).filter((at) => at > now.getTime()),
  );
  return (
    <Banner
      action={
        <>
          <Button variant="default" loading={tryNow.isPending} onClick={() => tryNow.mutate()}>
            {t('tryNow')}
          </Button>
          <Link href="/settings">{t('details')}</Link>
        </>
      }
    >
      <b>
        {isAway
          ? t('title', { cluster: data.cluster.name, time: format.time(sinceOf(away) ?? data.at) })
          : t('refused', { cluster: data.cluster.name })}
      </b>{' '}
      {t('because', { error: textOf(first, 'error') ?? '–' })}
      {asOf ? t('asOf', { time: format.time(asOf) }) : t('end')} {isAway ? t('works') : t('grant')}
      {Number.isFinite(again)
        ? ` ${t('next', { seconds: Math.ceil((again - now.getTime()) / 1_000) })}`
        : null}
    </Banner>
  );
}

function sinceOf(workers: WorkerRow[]): string | undefined {
  return workers
    .flatMap((worker) => textOf(worker, 'since') ?? [])
    .sort()
    .at(0);
}

function textOf(worker: WorkerRow | undefined, name: string): string | null {
  const value = worker?.detail[name];
  return typeof value === 'string' ? value : null;
}
