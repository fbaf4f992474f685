'use client';

import { useTranslations } from 'next-intl';
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { Link } from '@/components/page/link';
import { PageProblem } from '@/components/page/problem';
import { ListActions } from '@/components/page/list-actions';
import { Stale } from '@/components/page/stale';
import { Waiting } from '@/components/page/waiting';
import { useFormat } from '@/components/ui/use-format';
import type { Cells } from '@/lib/client/save-rows';
import { readAllItems, useRetry } from '@/lib/client/use-retries';
import { ACTIVE, ITEM_STATES, type ItemState } from '@/lib/domain/retries/retry';
import type { RetryItemRow, RetryView } from '@/lib/contract/retries';
import { OutcomeBar, OutcomeDot, statesOf } from '@/components/status/outcome-bar';
import classes from './outcomes.module.css';
import { RetryDoubts } from './retry-doubts';
import { RetryItems } from './retry-items';

const SHAPE = {
  states: parseAsArrayOf(parseAsStringLiteral(ITEM_STATES)).withDefault([]),
  after: parseAsString.withDefault('0'),
};

const CELLS: Cells<RetryItemRow> = {
  message_id: (row) => row.messageId,
  group: (row) => row.group,
  outcome: (row) => row.state,
  reason: (row) => row.reason,
  type: (row) => row.type,
  key: (row) => row.key,
  error: (row) => row.error?.type ?? null,
  error_message: (row) => row.error?.message ?? null,
  host: (row) => row.host,
  release: (row) => row.release,
  sent_at: (row) => row.sentAt,
  sent_position: (row) => row.sentPosition,
  ended_at: (row) => row.endedAt,
};

/** One retry, live: outcomes that add up to what was selected, and the items behind each. */
export function RetryPage({ id }: { id: string }) {
  const t = useTranslations('retryPage');
  const title = useTranslations('retryTitle');
  const format = useFormat();
  const query = useRetry(id);
  const { data, error } = query;
  const [view, setView] = useQueryStates(SHAPE, { history: 'push' });
  if (!data) {
    if (!error) return <Waiting isPage query={query} rows={8} label={t('loading')} />;
    return (
      <PageProblem
        error={error}
        gone={{ title: t('notFound', { id }), hint: t('notFoundHint') }}
        action={<Link href="/retries">{t('toList')}</Link>}
        onAgain={() => void query.refetch()}
      />
    );
  }
  const choose = (state: ItemState | null) =>
    void setView({ states: state === null ? null : [state], after: null });
  return (
    <>
      <div className="crumb">
        <Link href="/retries">{t('title')}</Link> › <code>{id}</code>
      </div>
      <div className={classes.head}>
        <h1>{title('of', { count: data.total, groups: format.list(data.groups) })}</h1>
        <span className="soft">
          {t('askedBy', { operator: data.operator, time: format.time(data.createdAt) })}
          {data.targets.length > 0 ? ` · ${t('through', { topics: format.list(data.targets) })}` : null}
          {data.endedAt ? ` · ${t('ends', { time: format.time(data.endedAt) })}` : null}
        </span>
        <ListActions name={`retry-${id}`} rows={() => readAllItems(id, view.states)} cells={CELLS} />
      </div>
      <Stale query={query} />
      <RetryDoubts retry={data} />
      <Outcomes retry={data} chosen={view.states} onChoose={choose} />
      <RetryItems
        id={id}
        version={JSON.stringify(data.states)}
        states={view.states}
        after={view.after}
        onPage={(after) => void setView({ after })}
      />
    </>
  );
}

function Outcomes({
  retry,
  chosen,
  onChoose,
}: {
  retry: RetryView;
  chosen: ItemState[];
  onChoose: (state: ItemState | null) => void;
}) {
  const t = useTranslations('retryPage');
  const words = useTranslations('retries');
  const outcome = useTranslations('outcome');
  const format = useFormat();
  const open = statesOf(retry.states)
    .filter(({ state }) => ACTIVE.includes(state))
    .reduce((sum, { count }) => sum + count, 0);
  return (
    <section className="panel">
      <div className="panelHead">
        <h2>{t('selected', { count: retry.total })}</h2>
        <span className="quiet">{t('addUp')}</span>
      </div>
      <div className={classes.body}>
        <OutcomeBar states={retry.states} />
        <div className={classes.legend}>
          <button type="button" aria-pressed={chosen.length === 0} onClick={() => onChoose(null)}>
            <b>{format.number(retry.total)}</b> {t('all')}
          </button>
          {statesOf(retry.states).map(({ state, count }) => (
            <button
              key={state}
              type="button"
              aria-pressed={chosen.includes(state)}
              onClick={() => onChoose(state)}
            >
              <OutcomeDot state={state} /> <b>{format.number(count)}</b> {outcome(state)}
            </button>
          ))}
          <span>{t('now', { handled: retry.states.HANDLED ?? 0, open })}</span>
        </div>
        {retry.skipped.length > 0 ? (
          <p className="soft">
            {t('skippedWhy')}{' '}
            {retry.skipped
              .map(({ reason, count }) => `${format.number(count)}: ${words(`itemReason.${reason}`)}`)
              .join(' ')}
          </p>
        ) : null}
        {retry.reason ? <p className="soft">“{retry.reason}”</p> : null}
      </div>
    </section>
  );
}
