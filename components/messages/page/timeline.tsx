'use client';

import { useTranslations } from 'next-intl';
import { Noun } from '@/components/page/noun';
import { useFormat } from '@/components/ui/use-format';
import { layOut, placeOf, type Stretch } from '@/lib/domain/messages/timeline';
import type { Attempt, MessageStory } from '@/lib/contract/messages';
import type { WhereRow } from '@/lib/domain/messages/where-is-it';
import { AttemptList } from './attempt-list';
import classes from './timeline.module.css';

const LABEL = 144;
const WIDTH = 1_140;
const ROW = 24;
/** A failing row has a second line, for what went wrong. */
const FAILING_ROW = 44;
const AXIS = 34;
/** How wide a letter is at the most, in the size of the labels, and in that of the errors. */
const LETTER = 5.9;
const MONO_LETTER = 6.7;
const MAX_ATTEMPTS = 40;

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
  const isOpen = story.deliveries.some((delivery) => delivery.status !== 'HANDLED');
  const next = lines.flatMap((line) => nextTryOf(line, now) ?? []);
  const spans = [
    ...shown.map((item) => ({ from: Date.parse(item.startedAt), to: Date.parse(item.endedAt) })),
    ...next.map((at) => ({ from: at, to: at })),
    ...(isOpen ? [{ from: now, to: now }] : []),
  ];
  const stretches = layOut(spans, WIDTH - LABEL);
  const last = stretches.at(-1);
  const width = Math.max(WIDTH, LABEL + (last ? last.x + last.width : 0));
  const heightOf = (line: Line) =>
    line.attempts.some((attempt) => attempt.error !== null) ? FAILING_ROW : ROW;
  const top = (line: number) => AXIS + lines.slice(0, line).reduce((sum, above) => sum + heightOf(above), 0);
  const height = top(lines.length) + (isOpen ? 16 : 6);
  const nowAt = isOpen ? LABEL + placeOf(stretches, now) : width;
  return (
    <section className="panel" aria-label={t('title')}>
      <div className="panelHead">
        <h2>{t('title')}</h2>
        <span className={`quiet ${classes.hint}`}>
          {t.rich('hint', { attempt: (chunks) => <Noun name="attempt">{chunks}</Noun> })}
        </span>
      </div>
      <div
        className={classes.wide}
        tabIndex={width > WIDTH ? 0 : undefined}
        role="group"
        aria-label={t('title')}
      >
        <svg
          viewBox={`0 0 ${width} ${height}`}
          // What does not fit is scrolled to, at the size of the rest.
          style={width > WIDTH ? { width: `${(100 * width) / WIDTH}%` } : undefined}
          role="img"
          aria-label={t('label', { count: shown.length })}
          className={classes.svg}
        >
          <Axis stretches={stretches} height={height} />
          {lines.map((line, at) => {
            const next = nextTryOf(line, now);
            return (
              <g key={line.name} transform={`translate(0 ${top(at)})`}>
                {line.tone === 'failing' ? (
                  <rect width={width} height={FAILING_ROW} className={classes.failingRow} />
                ) : null}
                <line x1="0" x2={width} y1="0" y2="0" className={classes.rule} />
                <text x="16" y="16" className={classes.name}>
                  {cut(line.name, 18)}
                </text>
                {isOpen && line.tone === 'open' ? (
                  <Waiting
                    from={LABEL + placeOf(stretches, Date.parse(story.committedAt ?? story.at))}
                    to={nowAt}
                    row={story.where.find((row) => 'group' in row && row.group === line.name)}
                  />
                ) : null}
                <Bars line={line} retries={story.retries} stretches={stretches} end={nowAt} width={width} />
                {next === null ? null : (
                  <rect
                    x={LABEL + placeOf(stretches, next)}
                    y="6"
                    width="34"
                    height="12"
                    rx="2"
                    className={classes.next}
                  />
                )}
              </g>
            );
          })}
          {isOpen ? (
            <g className={classes.now}>
              <line x1={nowAt} x2={nowAt} y1={AXIS - 8} y2={height} />
              <text x={nowAt + 4} y={height - 4}>
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
  const real = story.attempts.filter((attempt) => attempt.kind !== 'started').slice(-MAX_ATTEMPTS);
  const lines: Line[] = [
    { name: story.service ?? sender, attempts: real.filter((item) => item.group === null), tone: 'sender' },
  ];
  const order = { HANDLE_FAIL: 0, PUSH_FAIL: 0, COMMITTED: 1, HANDLED: 2 };
  for (const delivery of [...story.deliveries].sort((a, b) => order[a.status] - order[b.status])) {
    const tone =
      delivery.status === 'HANDLED' ? 'handled' : delivery.status === 'COMMITTED' ? 'open' : 'failing';
    lines.push({
      name: delivery.group,
      attempts: real.filter((item) => item.group === delivery.group),
      tone,
    });
  }
  return lines;
}

/** When the subscriber will try again by itself; null unless that is in the future. */
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

function Bars({
  line,
  retries,
  stretches,
  end,
  width: whole,
}: {
  line: Line;
  retries: MessageStory['retries'];
  stretches: Stretch[];
  end: number;
  width: number;
}) {
  const bars = line.attempts.map((attempt, at) => {
    const from = LABEL + placeOf(stretches, Date.parse(attempt.startedAt));
    const width = Math.max(6, LABEL + placeOf(stretches, Date.parse(attempt.endedAt)) - from);
    return { attempt, before: line.attempts[at - 1], from, width };
  });
  return bars.map(({ attempt, before, from, width }, at) => {
    const stop = bars[at + 1]?.from ?? (from > end ? whole : end);
    const retry = retries.find(
      (item) => item.group === attempt.group && item.generation === attempt.generation,
    );
    return (
      <Bar
        key={attempt.factId}
        attempt={attempt}
        before={before}
        retriedBy={retry?.operator ?? null}
        {...{ from, width, stop }}
      />
    );
  });
}

/** One attempt: its duration and its error, as far as there is room before the next bar. */
function Bar({
  attempt,
  before,
  retriedBy,
  from,
  width,
  stop,
}: {
  attempt: Attempt;
  before: Attempt | undefined;
  /** Who had it sent again; null: it is an attempt of the group itself. */
  retriedBy: string | null;
  from: number;
  width: number;
  stop: number;
}) {
  const t = useTranslations('timeline');
  const format = useFormat();
  const failed = attempt.kind.endsWith('_failed');
  const number = attempt.number ?? 1;
  const time = attempt.durationMs === null ? '' : format.milliseconds(attempt.durationMs);
  const { error } = attempt;
  const text = error ? `${error.type}: ${error.message}` : '';
  const isSame = error && before?.error?.type === error.type;
  const labels = failed
    ? [t('tryIn', { number, time }), t('tryOnly', { number })]
    : [...(retriedBy === null ? [] : [t('retriedBy', { by: retriedBy, time })]), time];
  const room = stop - from - width - 10;
  const label = labels.find((label) => label.length * LETTER + (failed ? 16 : 0) < room);
  const letters = Math.floor((stop - from - 8) / (isSame ? LETTER : MONO_LETTER));
  const second = isSame ? t('sameError') : text;
  return (
    <g>
      <title>{`${format.time(attempt.startedAt, true)} ${text || time}`}</title>
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
      {failed && letters > 5 ? (
        <text x={from} y="35" className={isSame ? classes.label : classes.error}>
          {cut(second, letters)}
        </text>
      ) : null}
    </g>
  );
}

/** A delivery that is not done: the group has no members, or so many messages are ahead of it. */
function Waiting({ from, to, row }: { from: number; to: number; row: WhereRow | undefined }) {
  const t = useTranslations('timeline');
  const format = useFormat();
  const nobody = row?.kind === 'no_members';
  const label =
    row?.kind === 'waiting'
      ? t('waiting', { count: row.ahead })
      : nobody
        ? t('nobody', { since: row.since ? format.time(row.since) : 'none' })
        : '';
  const line = nobody ? classes.nobody : classes.waiting;
  const after = from + 24 + label.length * LETTER;
  if (!label || after > to - 20) return <line x1={from} x2={to} y1="12" y2="12" className={line} />;
  return (
    <>
      <line x1={from} x2={from + 14} y1="12" y2="12" className={line} />
      <text x={from + 20} y="16" className={nobody ? classes.nobodyLabel : classes.waitingLabel}>
        {label}
      </text>
      <line x1={after} x2={to} y1="12" y2="12" className={line} />
    </>
  );
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
