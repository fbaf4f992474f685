'use client';

import { useTranslations } from 'next-intl';
import { VerdictChip } from '@/components/status/verdict-chip';
import { StatusText } from '@/components/status/status-chip';
import { useFormat } from '@/components/ui/use-format';
import type { FailureRow } from '@/lib/contract/failures';
import type { SearchHit } from '@/lib/contract/search';
import classes from './palette.module.css';
import type { PaletteLine } from './use-palette-rows';

/** One line of the palette. What it shows is the answer already: status, group, error, time. */
export function PaletteRow({
  id,
  row,
  chosen,
  onOpen,
}: {
  id: string;
  row: PaletteLine;
  chosen: boolean;
  onOpen: () => void;
}) {
  const t = useTranslations('palette');
  return (
    <div id={id} role="option" aria-selected={chosen} className={classes.hit} onClick={onOpen}>
      {row.hit ? (
        <Hit hit={row.hit} chosen={chosen} />
      ) : row.failure ? (
        <Failure label={row.label} failure={row.failure} />
      ) : row.group ? (
        <div className={classes.line}>
          <strong>{row.label}</strong>
          <VerdictChip verdict={row.group.verdict} />
          {row.group.lag === null ? null : (
            <span className="quiet">{t('lagOf', { lag: row.group.lag })}</span>
          )}
        </div>
      ) : (
        row.label
      )}
    </div>
  );
}

function Hit({ hit, chosen }: { hit: SearchHit; chosen: boolean }) {
  const t = useTranslations('palette');
  const format = useFormat();
  return (
    <>
      <div className={`${classes.line} ${classes.hitLine}`}>
        <strong>{hit.type ?? t('noType')}</strong>
        {hit.key ? <code className={classes.key}>{hit.key}</code> : null}
        <span className={classes.status}>
          <StatusText status={hit.status} detail={hit.detail} />
        </span>
        <span className={classes.at}>{format.time(hit.at, true)}</span>
      </div>
      <div className={classes.second}>
        {hit.error ? (
          <>
            <b>{hit.group}</b> <code>{hit.error.type}</code> {hit.error.message} ·{' '}
          </>
        ) : null}
        {t('handledOf', { handled: hit.handled, total: hit.total })} · {hit.topic}
        {chosen ? (
          <span className={classes.opens} aria-hidden>
            <kbd>Enter</kbd> {t('opens')}
          </span>
        ) : null}
      </div>
    </>
  );
}

function Failure({ label, failure }: { label: string; failure: FailureRow }) {
  const t = useTranslations('palette');
  const format = useFormat();
  return (
    <>
      <div className={classes.line}>
        <strong>{label}</strong>
        <span className="quiet">{failure.type}</span>
      </div>
      <div className={classes.second}>
        {t('failureCount', { count: failure.messages, time: format.time(failure.firstAt) })}
        {failure.message ? ` · ${failure.message}` : ''}
      </div>
    </>
  );
}
