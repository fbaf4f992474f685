'use client';

import { useTranslations } from 'next-intl';
import { MiniChart, type MiniLine } from '@/components/ui/charts/mini-chart';
import { useFormat } from '@/components/ui/use-format';
import type { OverviewView } from '@/lib/contract/overview';
import classes from './overview.module.css';

/** Seconds that people count times in. */
const DURATIONS = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 172_800, 604_800];
const TONES = ['line', 'line2', 'push-fail-fill'];

/** The last hour in four charts. The current minute is left out, since it would always appear as a drop. */
export function Charts({ overview }: { overview: OverviewView }) {
  const t = useTranslations('overview');
  const format = useFormat();
  const { charts } = overview;
  const whole = <T,>(values: T[]) => values.slice(0, -1);
  const published = whole(charts.published);
  const failed = whole(charts.failed);
  const handled = whole(charts.handledWithin);
  // Before anything was counted nothing is known, which is not the same as none.
  const lastMinute = (values: (number | null)[]) => {
    const last = values.at(-1) ?? null;
    return last === null ? t('noValue') : format.number(last);
  };
  const lastHandled = handled.findLast((value) => value !== null) ?? null;
  return (
    <>
      <div className={classes.sectionHead}>
        <h2>{t('lastHour')}</h2>{' '}
        <span className="quiet">
          {format.time(charts.from)} – {format.time(overview.at)}
        </span>
      </div>
      <div className={`panel ${classes.charts}`}>
        <Chart
          name={t('chart.published')}
          value={lastMinute(published)}
          note={t('chartNote.published')}
          lines={[{ name: 'published', values: published, tone: 'line' }]}
          overview={overview}
          formatValue={format.number}
        />
        <Chart
          name={t('chart.failed')}
          value={lastMinute(failed)}
          note={t('chartNote.failed')}
          lines={[{ name: 'failed', values: failed, tone: 'handle-fail-fill' }]}
          overview={overview}
          formatValue={format.number}
        />
        <Chart
          name={t('chart.behind')}
          value={charts.behindNow === null ? t('noValue') : format.duration(charts.behindNow)}
          note={t('chartNote.behind', { count: charts.behindMinute, groups: overview.groups })}
          lines={charts.behind.map((line, at) => ({ ...line, tone: TONES[at] ?? 'line' }))}
          overview={overview}
          formatValue={format.duration}
          steps={DURATIONS}
          isNamed
        />
        <Chart
          name={t('chart.handled')}
          value={lastHandled === null ? t('noValue') : format.milliseconds(lastHandled)}
          note={t('chartNote.handled')}
          lines={[{ name: 'handled', values: handled, tone: 'line' }]}
          overview={overview}
          formatValue={format.milliseconds}
        />
      </div>
    </>
  );
}

function Chart({
  name,
  value,
  note,
  lines,
  overview,
  formatValue,
  steps,
  isNamed = false,
}: {
  name: string;
  value: string;
  note: string;
  lines: MiniLine[];
  overview: OverviewView;
  formatValue: (value: number) => string;
  steps?: readonly number[];
  isNamed?: boolean;
}) {
  const t = useTranslations('overview');
  const format = useFormat();
  const [begin, end] = [Date.parse(overview.charts.from), Date.parse(overview.at)];
  const most = Math.max(0, ...lines.flatMap((line) => line.values.map((value) => value ?? 0)));
  return (
    <div>
      <h3>{name}</h3>
      <div className={classes.value}>{value}</div>
      <div className={classes.note}>{note}</div>
      <MiniChart
        lines={lines}
        label={t('tableOf', { name, value, most: formatValue(most) })}
        times={[begin, (begin + end) / 2, end].map(format.mark)}
        formatValue={formatValue}
        {...(steps ? { steps } : {})}
      />
      {isNamed ? (
        <ul className={classes.names}>
          {lines.map((line) => (
            <li key={line.name}>
              <i style={{ background: `var(--c-${line.tone})` }} /> {line.name}
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
