'use client';

import { useTranslations } from 'next-intl';
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { type ReactNode, useEffect } from 'react';
import { CopyLink } from '@/components/page/copy-link';
import { ListPage } from '@/components/page/list-page';
import { FilteredAway } from '@/components/ui/filters/filtered-away';
import { Filters } from '@/components/ui/filters/filter-chip';
import { loadFields, NameFilter, TimeFilter } from '@/components/ui/filters/filters';
import { ListFilter } from '@/components/ui/filters/list-filter';
import { holds, rowsKept, type RowFilter } from '@/components/ui/filters/row-filter';
import { Segments } from '@/components/ui/segments';
import { OverviewTabs } from '@/components/overview/overview-tabs';
import { State } from '@/components/ui/state';
import { useFormat } from '@/components/ui/use-format';
import { useEpisodes } from '@/lib/client/use-episodes';
import type { Happened, HappenedRow } from '@/lib/contract/episodes';
import { EPISODE_KINDS, TROUBLES } from '@/lib/domain/episodes/episode';
import { CopyHandover } from './copy-handover';
import classes from './episodes.module.css';
import { HappenedList } from './happened-list';
import { Strip } from './strip';
import { useEpisodeText } from './use-episode-text';
import { SPANS, useSpanChoice } from './use-span-choice';

const STATES = ['open', 'over'] as const;
const KINDS = EPISODE_KINDS.filter((kind) => TROUBLES.has(kind));
const stateOf = (row: HappenedRow) => (row.ended === null ? 'open' : 'over');

/** What happened in a span of time, worst first: for the next shift, and for a person who comes back. */
export function HappenedPage() {
  const t = useTranslations('episodes');
  const overview = useTranslations('overview');
  const choice = useSpanChoice('visit');
  const { filter, setFilter, filters, shown, query } = useHappened(choice.query);
  const { data } = query;
  useEffect(() => void loadFields(), []);
  const spanWords = t(`spanOf.${spanNameOf(choice.span, data)}`);
  return (
    <ListPage
      title={overview('title')}
      besideTitle={<OverviewTabs />}
      sentence={data ? <Sentence data={data} span={spanWords} /> : null}
      actions={
        <>
          {data && shown.length > 0 ? <CopyHandover rows={shown} data={data} span={spanWords} /> : null}
          <CopyLink />
        </>
      }
      query={query}
      loading={{ label: t('loading'), rows: 8 }}
      filters={
        <div className={classes.spans}>
          <Segments
            label={t('spanLabel')}
            value={choice.span}
            onChange={choice.setSpan}
            options={SPANS.map((value) => ({ value, words: t(`span.${value}`) }))}
          />
          <ListFilter
            label={t('filter')}
            name={filter.name}
            onName={(name) => void setFilter({ name })}
            total={data?.rows.length ?? 0}
            segments={STATES.map((value) => ({
              value,
              words: t(`state.${value}`),
              count: data?.rows.filter((row) => stateOf(row) === value).length ?? 0,
            }))}
            chosen={filter.state}
            onChoose={(state) => void setFilter({ state })}
          >
            <Filters>
              <TimeFilter word={t('spanWord')} from={choice.from} to={choice.to} onChange={choice.setTimes} />
              <NameFilter
                word={t('byKind')}
                value={filter.kind}
                options={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
                onChange={(kind) => void setFilter({ kind: KINDS.find((item) => item === kind) ?? null })}
              />
            </Filters>
          </ListFilter>
        </div>
      }
      above={data ? <Above data={data} /> : null}
      foot={
        data ? (
          <Foot data={data} isSmall={filter.small} onSmall={(small) => void setFilter({ small })} />
        ) : null
      }
    >
      {data && shown.length > 0 ? (
        <HappenedList rows={shown} of={data} />
      ) : data && filters.length > 0 && data.rows.length > 0 ? (
        <FilteredAway
          rows={data.rows}
          filters={filters}
          onClear={() => void setFilter({ name: null, state: null, kind: null })}
        />
      ) : (
        <State title={t('nothing', { span: spanWords })}>{t('nothingHint')}</State>
      )}
    </ListPage>
  );
}

/** Without an earlier visit the answer is of the last 24 hours, and so are the words. */
function spanNameOf(span: (typeof SPANS)[number] | null, data: Happened | undefined) {
  if (span === null) return 'chosen';
  return span === 'visit' && data?.lastVisit === null ? 'day' : span;
}

function useHappened(span: { from?: string; to?: string }) {
  const t = useTranslations('episodes');
  const { textOf, subjectOf } = useEpisodeText();
  const [filter, setFilter] = useQueryStates({
    name: parseAsString.withDefault(''),
    state: parseAsStringLiteral(STATES),
    kind: parseAsStringLiteral(KINDS),
    small: parseAsBoolean.withDefault(false),
  });
  const query = useEpisodes({ ...span, ...(filter.small ? { small: true } : {}) });
  const filters: RowFilter<HappenedRow>[] = [];
  const { state, kind, name } = filter;
  if (state)
    filters.push({
      word: t('column.state'),
      keeps: (row) => stateOf(row) === state,
      onClear: () => void setFilter({ state: null }),
    });
  if (kind)
    filters.push({
      word: t('byKind'),
      keeps: (row) => [row.named, ...row.folded].some((episode) => episode.kind === kind),
      onClear: () => void setFilter({ kind: null }),
    });
  if (name)
    filters.push({
      word: t('filter'),
      keeps: (row) =>
        [row.named, ...row.folded].some((episode) => holds(name, subjectOf(episode).words, textOf(episode))),
      onClear: () => void setFilter({ name: '' }),
    });
  return { filter, setFilter, filters, shown: rowsKept(query.data?.rows ?? [], filters), query };
}

function Sentence({ data, span }: { data: Happened; span: string }) {
  const t = useTranslations('episodes');
  const { all, open, byThemselves, byPeople } = data.counts;
  if (all === 0) return t('nothing', { span });
  return t.rich('sentence', {
    ...{ count: all, open, byThemselves, byPeople, span },
    cut: data.isCut ? 'yes' : 'no',
    end: byThemselves + byPeople > 0 ? 'some' : 'none',
    b: (chunks: ReactNode) => <b>{chunks}</b>,
    bad: (chunks: ReactNode) => <span className={classes.open}>{chunks}</span>,
  });
}

/** The axis of time, and the parts of it that were not measured. */
function Above({ data }: { data: Happened }) {
  const t = useTranslations('episodes');
  const format = useFormat();
  const gaps = data.marks.filter(({ kind }) => kind === 'gap');
  const [gap] = gaps;
  return (
    <>
      <Strip data={data} />
      {data.knownSince > data.from ? (
        <p className="quiet">{t('knownSince', { time: format.time(data.knownSince) })}</p>
      ) : null}
      {gap ? (
        <p className="quiet">
          {t('gapNote', { from: format.time(gap.began), to: format.time(gap.ended ?? data.at) })}{' '}
          {gaps.length > 1 ? t('moreGaps', { count: gaps.length - 1 }) : null}
        </p>
      ) : null}
    </>
  );
}

function Foot({
  data,
  isSmall,
  onSmall,
}: {
  data: Happened;
  isSmall: boolean;
  onSmall: (small: boolean) => void;
}) {
  const t = useTranslations('episodes');
  const format = useFormat();
  return (
    <>
      {t('foot')} {data.more > 0 ? t('more', { count: data.more }) : null} {data.isCut ? t('cut') : null}{' '}
      {data.small > 0 ? t('small', { count: data.small, time: format.duration(data.smallSeconds) }) : null}{' '}
      {data.small > 0 || isSmall ? (
        <button type="button" className={classes.fold} onClick={() => onSmall(!isSmall)}>
          {t(isSmall ? 'hideSmall' : 'showSmall')}
        </button>
      ) : null}
    </>
  );
}
