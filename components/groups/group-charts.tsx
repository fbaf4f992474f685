'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { parseAsInteger, parseAsString, useQueryStates } from 'nuqs';
import { Problem } from '@/components/page/problem';
import { TimeFilter } from '@/components/ui/filters/filters';
import { Segments } from '@/components/ui/segments';
import { parseAsTime } from '@/components/ui/filters/parse-as-time';
import { useLag, type LagSpan } from '@/lib/client/use-groups';
import { useFormat } from '@/components/ui/use-format';
import type { GroupView, LagSeries } from '@/lib/contract/groups';
import classes from './groups.module.css';

// The chart library weighs as much as the rest of the page, so it comes after it.
const TopicChoice = lazy(() => import('./topic-choice').then((module) => module.TopicChoice));
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
        <Segments
          label={t('range')}
          value={view.from ? null : minutes}
          onChange={(next) => void setView({ minutes: next, from: null, to: null })}
          options={RANGES.map((item) => ({ value: item, words: t(`rangeOf.${item as 15}`) }))}
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
              <TopicChoice
                label={t('by')}
                topics={group.topics}
                value={topic}
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
  const t = useTranslations('groups');
  const verdicts = useTranslations('verdict');
  const format = useFormat();
  const { data, error } = useLag(group.name, span, topic);
  const isMarked =
    !group.sinceIsAtLeast && (group.standing === 'needs_a_look' || group.standing === 'on_its_way');
  const since = isMarked
    ? {
        at: Date.parse(group.since),
        label: t('verdictSince', { verdict: verdicts(group.verdict), time: format.time(group.since) }),
      }
    : null;
  return (
    <div className={classes.chart}>
      {data ? (
        <LagChart
          lag={data}
          since={topic === null ? since : null}
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
