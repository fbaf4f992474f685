'use client';

import { Button } from '@mantine/core';
import { useNow, useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { useFormat } from '@/components/ui/use-format';
import type { WorkerView } from '@/lib/contract/workers';
import { useTryNow, useWorkers } from '@/lib/client/use-workers';
import { Link } from './link';

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
  const asOf = data.workers.find(({ worker }) => worker === 'lag sampler')?.detail.goodAt;
  const again = Math.min(
    ...ill.map((item) => Date.parse(item.detail.againAt ?? '')).filter((at) => at > now.getTime()),
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
      {t('because', { error: first.detail.error ?? '–' })}
      {asOf ? t('asOf', { time: format.time(asOf) }) : t('end')} {isAway ? t('works') : t('grant')}
      {Number.isFinite(again)
        ? ` ${t('next', { seconds: Math.ceil((again - now.getTime()) / 1_000) })}`
        : null}
    </Banner>
  );
}

function sinceOf(workers: WorkerView[]): string | undefined {
  return workers
    .flatMap((worker) => worker.detail.since ?? [])
    .sort()
    .at(0);
}
