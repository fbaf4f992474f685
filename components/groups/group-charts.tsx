'use client';

import { Button, SegmentedControl, Select } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { parseAsInteger, parseAsString, useQueryStates } from 'nuqs';
import { Problem } from '@/components/page/problem';
import { TimeFilter } from '@/components/ui/filters/filters';
import { parseAsTime } from '@/components/ui/filters/parse-as-time';
import { useLag, type LagSpan } from '@/lib/client/use-groups';
import type { GroupView, LagSeries } from '@/lib/contract/groups';
import classes from './groups.module.css';

// The chart library weighs as much as the rest of the page, so it comes after it.
const LagChart = lazy(() => import('./lag-chart').then((module) => module.LagChart));

const RANGES = [15, 60, 360, 1_440, 10_080, 43_200];
const SHAPE = {
  minutes: parseAsInteger,
  from: parseAsTime,
  to: parseAsTime,
  topic: parseAsString,
};

/** Lag by topic, and of one topic by partition, over the same time with the same cursor. Dragging zooms both. */
export function GroupCharts({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const [view, setView] = useQueryStates(SHAPE, { history: 'push' });
  const chosen = view.minutes !== null && RANGES.includes(view.minutes) ? view.minutes : null;
  const hour = useLag(group.name, { minutes: chosen ?? 60, from: view.from, to: view.to }, null);
  const minutes = chosen ?? (hour.data && isYoung(hour.data) ? 15 : 60);
  const span = { minutes, from: view.from, to: view.to };
  const topic = view.topic ?? group.partitions[0]?.topic ?? null;
  const onZoom = (from: string, to: string) => void setView({ from, to });
  return (
    <section className="panel" aria-label={t('chart')}>
      <div className={classes.chartHead}>
        <h2>{t('chart')}</h2>
        <SegmentedControl
          size="xs"
          aria-label={t('range')}
          value={view.from ? '' : String(minutes)}
          onChange={(next) => void setView({ minutes: Number(next), from: null, to: null })}
          data={RANGES.map((item) => ({ value: String(item), label: t(`rangeOf.${item as 15}`) }))}
        />
        <TimeFilter
          word={t('zoom')}
          from={view.from}
          to={view.to}
          onChange={({ from, to }) => void setView({ from, to })}
        />
        {view.from ? (
          <Button variant="subtle" size="compact-xs" onClick={() => void setView({ from: null, to: null })}>
            {t('zoomOut')}
          </Button>
        ) : (
          <span className={`quiet ${classes.zoomHint}`}>{t('zoomHint')}</span>
        )}
      </div>
      <Chart group={group} span={span} topic={null} onZoom={onZoom} />
      {topic ? (
        <>
          <div className={classes.chartHead}>
            <h2>{t('chartOf', { topic })}</h2>
            {group.topics.length > 1 ? (
              <Select
                size="xs"
                aria-label={t('by')}
                allowDeselect={false}
                value={topic}
                data={group.topics}
                onChange={(next) => void setView({ topic: next })}
              />
            ) : null}
          </div>
          <Chart group={group} span={span} topic={topic} onZoom={onZoom} />
        </>
      ) : null}
    </section>
  );
}

/** Whether all that was measured would fill less than a quarter of the chart. */
function isYoung(lag: LagSeries): boolean {
  const steps = Math.max(0, ...lag.series.map(({ values }) => values.length));
  const firsts = lag.series.map(({ values }) => values.findIndex((value) => value !== null));
  const begun = Math.min(steps, ...firsts.filter((at) => at >= 0));
  return begun < steps && begun > steps * 0.75;
}

function Chart({
  group,
  span,
  topic,
  onZoom,
}: {
  group: GroupView;
  span: LagSpan;
  topic: string | null;
  onZoom: (from: string, to: string) => void;
}) {
  const { data, error } = useLag(group.name, span, topic);
  return (
    <div className={classes.chart}>
      {data ? (
        <LagChart
          lag={data}
          behindSince={topic === null ? group.behindSince : null}
          onZoom={onZoom}
          isLive={span.from === null}
        />
      ) : error ? (
        <div className="quiet">
          <Problem error={error} />
        </div>
      ) : null}
    </div>
  );
}
