'use client';

import { Button } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleXFilled,
} from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { Problem } from '@/components/page/problem';
import { Copy } from '@/components/ui/copy';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useConnectionCheck } from '@/lib/client/use-settings';
import type { CheckLine, ConnectionCheck } from '@/lib/contract/clusters';
import classes from './connection.module.css';

const ICONS = {
  ok: IconCircleCheckFilled,
  warning: IconAlertTriangleFilled,
  failed: IconCircleXFilled,
  untried: IconCircle,
} as const;

/** Tests the connection to the cluster with a click, and shows each step in words. */
export function ConnectionTest() {
  const t = useTranslations('connection');
  const format = useFormat();
  const { data, error, isFetching, refetch } = useConnectionCheck();
  return (
    <section className="panel" aria-label={t('title')} aria-busy={isFetching}>
      <div className="panelHead">
        <h2>{t('title')}</h2>
        {data ? (
          <span className="quiet">
            {t('took', { time: format.duration(data.milliseconds / 1_000), at: format.time(data.at) })}
          </span>
        ) : null}
        <span className={classes.actions}>
          {data ? <Copy value={asText(data)} what={t('copy')} /> : null}
          <Button variant="default" size="xs" loading={isFetching} onClick={() => void refetch()}>
            {t(data ? 'again' : 'test')}
          </Button>
        </span>
      </div>
      {error ? (
        <State title={t('verdict.failed')}>
          <Problem error={error} />
        </State>
      ) : null}
      {isFetching && !data ? <p className={classes.note}>{t('testing')}</p> : null}
      {data ? <Findings check={data} /> : null}
    </section>
  );
}

function Findings({ check }: { check: ConnectionCheck }) {
  const t = useTranslations('connection');
  const missing = (check.rights ?? []).filter(({ granted }) => granted === false).length;
  const verdict = verdictOf(check.lines, missing);
  return (
    <>
      <p className={classes.verdict} data-verdict={verdict} role="status">
        {verdict === 'rights' ? t('verdict.rights', { count: missing }) : t(`verdict.${verdict}`)}
      </p>
      <ol className={classes.steps}>
        {check.lines.map((line, index) => (
          <Step key={`${line.step} ${index}`} line={line} />
        ))}
      </ol>
    </>
  );
}

function Step({ line }: { line: CheckLine }) {
  const t = useTranslations('connection');
  const Icon = ICONS[line.outcome];
  return (
    <li data-outcome={line.outcome}>
      <Icon size={17} aria-label={t(`outcome.${line.outcome}`)} />
      <b>{t(`step.${line.step}`)}</b>
      <span>{t(line.code as 'found.other', line.values as { reason: string })}</span>
    </li>
  );
}

function verdictOf(lines: CheckLine[], missing: number): 'ok' | 'rights' | 'warning' | 'failed' {
  if (lines.some(({ outcome }) => outcome === 'failed')) return 'failed';
  if (missing > 0) return 'rights';
  return lines.some(({ outcome }) => outcome === 'warning') ? 'warning' : 'ok';
}

/** The test as `courier check` prints it, for the people who run the cluster. */
function asText({ cluster, at, lines, rights }: ConnectionCheck): string {
  return [
    `${cluster} ${at}`,
    ...lines.map(({ outcome, step, text }) => `${outcome}\t${step}\t${text}`),
    ...(rights ?? []).map(({ right, granted, grant }) => `${granted ?? 'unknown'}\t${right}\t${grant}`),
  ].join('\n');
}
