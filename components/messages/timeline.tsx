'use client';

import { useTranslations } from 'next-intl';
import { Noun } from '@/components/shell/noun';
import { useFormat } from '@/components/ui/use-format';
import { layOut, placeOf, type Stretch } from '@/lib/domain/timeline';
import type { Attempt, MessageStory } from '@/lib/domain/views';
import { AttemptList } from './attempt-list';
import classes from './timeline.module.css';

const LABEL = 144;
const WIDTH = 1_140;
const ROW = 24;
const AXIS = 34;
const MOST_ATTEMPTS = 40;

interface Line {
  name: string;
  attempts: Attempt[];
  tone: 'sender' | 'failing' | 'handled' | 'open';
}

/** From sender over broker to each group, on one axis whose waits are cut short. On the phone, a list. */
export function Timeline({ story }: { story: MessageStory }) {
  const t = useTranslations('timeline');
  const format = useFormat();
  const lines = linesOf(story, t('sender'));
  const now = Date.parse(story.at);
  const shown = lines.flatMap((line) => line.attempts);
  if (shown.length === 0) return null;
  const isOpen = story.deliveries.some((one) => one.status !== 'HANDLED');
  const next = lines.flatMap((line) => nextTryOf(line, now) ?? []);
  const spans = [
    ...shown.map((one) => ({ from: Date.parse(one.startedAt), to: Date.parse(one.endedAt) })),
    ...next.map((at) => ({ from: at, to: at })),
    ...(isOpen ? [{ from: now, to: now }] : []),
  ];
  const stretches = layOut(spans, WIDTH - LABEL);
  const height = AXIS + lines.length * ROW + (isOpen ? 16 : 6);
  return (
    <section className="panel" aria-label={t('title')}>
      <div className="panelHead">
        <h2>{t('title')}</h2>
        <span className="quiet">
          {t.rich('hint', { attempt: (chunks) => <Noun name="attempt">{chunks}</Noun> })}
        </span>
      </div>
      <div className={classes.wide}>
        <svg
          viewBox={`0 0 ${WIDTH} ${height}`}
          role="img"
          aria-label={t('label', { count: shown.length })}
          className={classes.svg}
        >
          <Axis stretches={stretches} height={height} />
          {lines.map((line, at) => (
            <g key={line.name} transform={`translate(0 ${AXIS + at * ROW})`}>
              <line x1="0" x2={WIDTH} y1="0" y2="0" className={classes.rule} />
              <text x="16" y="16" className={classes.name}>
                {cut(line.name, 18)}
              </text>
              {isOpen && line.tone === 'open' ? (
                <Waiting stretches={stretches} now={now} from={Date.parse(story.committedAt ?? story.at)} />
              ) : null}
              <Bars line={line} stretches={stretches} />
              {nextTryOf(line, now) === null ? null : (
                <rect
                  x={LABEL + placeOf(stretches, nextTryOf(line, now) ?? now)}
                  y="6"
                  width="34"
                  height="12"
                  rx="2"
                  className={classes.next}
                />
              )}
            </g>
          ))}
          {isOpen ? (
            <g className={classes.now}>
              <line
                x1={LABEL + placeOf(stretches, now)}
                x2={LABEL + placeOf(stretches, now)}
                y1={AXIS - 8}
                y2={height}
              />
              <text x={LABEL + placeOf(stretches, now) + 4} y={height - 4}>
                {t('now')}
              </text>
            </g>
          ) : null}
        </svg>
        {next.length > 0 ? (
          <p className={classes.note}>
            {t('nextTry', { time: format.time(new Date(Math.min(...next)).toISOString()) })}
          </p>
        ) : null}
      </div>
      <div className={classes.narrow}>
        <AttemptList attempts={story.attempts} />
      </div>
    </section>
  );
}

function linesOf(story: MessageStory, sender: string): Line[] {
  const real = story.attempts.filter((one) => one.kind !== 'started').slice(-MOST_ATTEMPTS);
  const lines: Line[] = [
    { name: story.service ?? sender, attempts: real.filter((one) => one.group === null), tone: 'sender' },
  ];
  const order = { HANDLE_FAIL: 0, PUSH_FAIL: 0, COMMITTED: 1, HANDLED: 2 };
  for (const delivery of [...story.deliveries].sort((a, b) => order[a.status] - order[b.status])) {
    const tone =
      delivery.status === 'HANDLED' ? 'handled' : delivery.status === 'COMMITTED' ? 'open' : 'failing';
    lines.push({ name: delivery.group, attempts: real.filter((one) => one.group === delivery.group), tone });
  }
  return lines;
}

/** When the subscriber will try again by itself, where that lies ahead. */
function nextTryOf(line: Line, now: number): number | null {
  const last = line.attempts.at(-1);
  const at = last?.nextTryAt ? Date.parse(last.nextTryAt) : NaN;
  return line.tone === 'failing' && at > now ? at : null;
}

function Axis({ stretches, height }: { stretches: Stretch[]; height: number }) {
  const format = useFormat();
  return stretches.map((stretch) =>
    stretch.kind === 'break' ? (
      <g key={stretch.x} className={classes.break}>
        <rect x={LABEL + stretch.x} y={AXIS} width={stretch.width} height={height - AXIS} />
        <text x={LABEL + stretch.x + stretch.width / 2} y="16" textAnchor="middle">
          {stretch.to - stretch.from < 1_000
            ? format.milliseconds(stretch.to - stretch.from)
            : format.duration((stretch.to - stretch.from) / 1_000)}
        </text>
        <line x1={LABEL + stretch.x + 6} x2={LABEL + stretch.x + stretch.width - 6} y1="24" y2="24" />
      </g>
    ) : (
      <text key={stretch.x} x={LABEL + stretch.x} y="16" className={classes.tick}>
        {format.time(new Date(stretch.from).toISOString(), stretch.width > 110).slice(-12)}
      </text>
    ),
  );
}

function Bars({ line, stretches }: { line: Line; stretches: Stretch[] }) {
  const t = useTranslations('timeline');
  const format = useFormat();
  const bars = line.attempts.map((attempt) => {
    const from = LABEL + placeOf(stretches, Date.parse(attempt.startedAt));
    const width = Math.max(6, LABEL + placeOf(stretches, Date.parse(attempt.endedAt)) - from);
    return { attempt, from, width };
  });
  return bars.map(({ attempt, from, width }, at) => {
    const failed = attempt.kind.endsWith('_failed');
    const room = (bars[at + 1]?.from ?? WIDTH) - from - width - 12;
    const number = attempt.number ?? 1;
    const labels = failed
      ? [t('try', { number, error: cut(attempt.error?.type ?? '', 20) }), t('tryOnly', { number })]
      : [attempt.durationMs === null ? '' : format.milliseconds(attempt.durationMs)];
    const label = labels.find((one) => one.length * 6.4 + (failed ? 14 : 0) < room);
    return (
      <g key={attempt.factId}>
        <title>{`${format.time(attempt.startedAt, true)} ${attempt.error ? `${attempt.error.type}: ${attempt.error.message}` : (labels[0] ?? '')}`}</title>
        <rect
          x={from}
          y="6"
          width={width}
          height="12"
          rx="2"
          className={failed ? classes.failed : attempt.group === null ? classes.sent : classes.handled}
        />
        {label ? (
          <text x={from + width + 6} y="16" className={failed ? classes.failedLabel : classes.label}>
            {failed ? '✕ ' : ''}
            {label}
          </text>
        ) : null}
      </g>
    );
  });
}

function Waiting({ stretches, now, from }: { stretches: Stretch[]; now: number; from: number }) {
  return (
    <line
      x1={LABEL + placeOf(stretches, from)}
      x2={LABEL + placeOf(stretches, now)}
      y1="12"
      y2="12"
      className={classes.waiting}
    />
  );
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
