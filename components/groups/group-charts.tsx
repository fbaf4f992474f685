'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { lazy } from '@/components/ui/lazy';
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Problem } from '@/components/page/problem';
import { TimeFilter } from '@/components/ui/filters/filters';
import { Segments } from '@/components/ui/segments';
import { parseAsTime } from '@/components/ui/filters/parse-as-time';
import { useEpisodes } from '@/lib/client/use-episodes';
import { useLag, type LagSpan } from '@/lib/client/use-groups';
import { useFormat } from '@/components/ui/use-format';
import type { GroupView, LagSeries } from '@/lib/contract/groups';
import classes from './groups.module.css';

// The chart library weighs as much as the rest of the page, so it comes after it.
const TopicChoice = lazy(() => import('./topic-choice').then((module) => module.TopicChoice));
const LagChart = lazy(() => import('./lag-chart').then((module) => module.LagChart));

const RANGES = [15, 60, 360, 1_440, 10_080, 43_200];
const VIEWS = ['worst', 'partitions', 'topics'] as const;
type View = (typeof VIEWS)[number];
const SHAPE = {
  minutes: parseAsInteger,
  from: parseAsTime,
  to: parseAsTime,
  topic: parseAsString,
  view: parseAsStringLiteral(VIEWS),
};

/** Lag over time: of the worst partition with its future, of the partitions of a topic, or of each topic. Dragging zooms. */
export function GroupCharts({ group }: { group: GroupView }) {
  const t = useTranslations('groups');
  const [address, setAddress] = useQueryStates(SHAPE, { history: 'push' });
  const chosen = address.minutes !== null && RANGES.includes(address.minutes) ? address.minutes : null;
  const view = address.view ?? (address.topic ? 'partitions' : viewOf(group));
  const [worst] = group.partitions;
  const topic =
    view === 'topics' ? null : ((view === 'worst' ? null : address.topic) ?? worst?.topic ?? null);
  const hour = useLag(
    group.name,
    { minutes: chosen ?? 60, from: address.from, to: address.to },
    topic,
    group.sampledAt,
  );
  const minutes = chosen ?? (hour.data && isYoung(hour.data) ? 15 : 60);
  const span = { minutes, from: address.from, to: address.to };
  const words =
    view === 'worst'
      ? t('chartOfWorst', {
          topic: worst?.topic ?? '',
          partition: worst?.partition ?? 0,
          count: group.partitions.length,
        })
      : view === 'topics'
        ? t('chart')
        : t('chartOf', { topic: topic ?? '' });
  return (
    <section className="panel" aria-label={t('lag')}>
      <div className={classes.chartHead}>
        <h2>{words}</h2>
        {worst ? (
          <Segments
            label={t('view')}
            value={view}
            onChange={(next) => void setAddress({ view: next, topic: null })}
            options={VIEWS.map((value) => ({ value, words: t(`viewOf.${value}`) }))}
          />
        ) : null}
        {view === 'partitions' && group.topics.length > 1 && topic ? (
          <TopicChoice
            label={t('by')}
            topics={group.topics}
            value={topic}
            onChange={(next) => void setAddress({ view: 'partitions', topic: next })}
          />
        ) : null}
        <Segments
          label={t('range')}
          value={address.from ? null : minutes}
          onChange={(next) => void setAddress({ minutes: next, from: null, to: null })}
          options={RANGES.map((item) => ({ value: item, words: t(`rangeOf.${item as 15}`) }))}
        />
        <TimeFilter
          word={t('zoom')}
          from={address.from}
          to={address.to}
          onChange={({ from, to }) => void setAddress({ from, to })}
        />
        {address.from ? (
          <Button
            variant="subtle"
            size="compact-xs"
            onClick={() => void setAddress({ from: null, to: null })}
          >
            {t('zoomOut')}
          </Button>
        ) : (
          <span className={`quiet ${classes.zoomHint}`}>{t('zoomHint')}</span>
        )}
      </div>
      <Chart
        group={group}
        span={span}
        topic={topic}
        isWorst={view === 'worst'}
        onZoom={(from, to) => void setAddress({ from, to })}
      />
    </section>
  );
}

/** What a group's chart is of by default: what is wrong, else everything. */
function viewOf(group: GroupView): View {
  if (group.partitions.length === 0) return 'topics';
  if (group.standing === 'needs_a_look' || group.standing === 'on_its_way') return 'worst';
  return group.topics.length > 1 ? 'topics' : 'partitions';
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
  isWorst,
  onZoom,
}: {
  group: GroupView;
  span: LagSpan;
  topic: string | null;
  /** Only the line of the worst partition is drawn. */
  isWorst: boolean;
  onZoom: (from: string, to: string) => void;
}) {
  const t = useTranslations('groups');
  const verdicts = useTranslations('verdict');
  const format = useFormat();
  const { data, error } = useLag(group.name, span, topic, group.sampledAt);
  const happened = useEpisodes(
    {
      from: data ? minuteOf(data.from) : group.sampledAt,
      ...(span.from !== null && span.to !== null ? { to: span.to } : {}),
      group: group.name,
      small: true,
    },
    data !== undefined,
  ).data;
  const episodes = [
    ...(happened?.rows ?? []).flatMap(({ named, folded }) => [named, ...folded]),
    ...(happened?.marks ?? []),
  ];
  const isMarked =
    !group.sinceIsAtLeast && (group.standing === 'needs_a_look' || group.standing === 'on_its_way');
  const since = isMarked
    ? {
        at: Date.parse(group.since),
        label: t('verdictSince', { verdict: verdicts(group.verdict), time: format.time(group.since) }),
      }
    : null;
  const worst = isWorst ? (group.partitions[0] ?? null) : null;
  const name = worst && `${worst.topic}/${worst.partition}`;
  const lag =
    data && (name === null ? data : { ...data, series: data.series.filter((line) => line.name === name) });
  return (
    <div className={classes.chart}>
      {lag ? (
        <LagChart
          lag={lag}
          since={since}
          onZoom={onZoom}
          isLive={span.from === null}
          lagNow={lagNowOf(group)}
          worst={worst}
          episodes={episodes}
        />
      ) : error ? (
        <div className="quiet">
          <Problem error={error} />
        </div>
      ) : null}
    </div>
  );
}

/** The minute that a time is in, so that the same is asked for as a chart moves on. */
function minuteOf(iso: string): string {
  return `${iso.slice(0, 16)}:00.000Z`;
}

/** Lag of now, by topic and by partition, as the page's numbers have it. */
function lagNowOf({ partitions }: GroupView): Map<string, number | null> {
  const now = new Map<string, number | null>();
  for (const { topic, partition, lag } of partitions) {
    now.set(`${topic}/${partition}`, lag);
    if (lag !== null) now.set(topic, (now.get(topic) ?? 0) + lag);
  }
  return now;
}
