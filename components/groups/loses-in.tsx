'use client';

import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import type { Risk } from '@/lib/domain/groups/data-at-risk';
import { losesSoon } from '@/lib/domain/groups/verdict';
import type { GroupRisk } from '@/lib/contract/groups';
import classes from './loses-in.module.css';

/** When a group or a partition loses unread messages to retention: at the present rates, never, or not known. */
export function LosesIn({ risk }: { risk: GroupRisk | Risk | null }) {
  const t = useTranslations('risk');
  const format = useFormat();
  const found = soonestOf(risk);
  if (found === 'unknown') return <span className="quiet">{t('unknown')}</span>;
  if (found === null || found.presentSeconds === null) return <>–</>;
  const words = found.presentSeconds === 0 ? t('now') : format.duration(found.presentSeconds);
  return losesSoon(found.presentSeconds) ? <b className={classes.soon}>{words}</b> : <>{words}</>;
}

/** Why, by which rule, and what if reading stopped, in one line; null where there is nothing to add. */
export function useRiskNote(): (risk: GroupRisk | Risk | null) => string | null {
  const t = useTranslations('risk');
  const format = useFormat();
  return (risk) => {
    const found = soonestOf(risk);
    if (found === 'unknown') return t('unknownHint');
    if (found === null) return t('none');
    const { by, stoppedSeconds, presentSeconds, laterSeconds } = found;
    return t('note', {
      by,
      present: presentSeconds === null ? 'never' : presentSeconds === stoppedSeconds ? 'same' : 'other',
      stopped: stoppedSeconds === null ? 'none' : format.duration(stoppedSeconds),
      later: laterSeconds === null ? 'none' : format.duration(laterSeconds),
    });
  };
}

function soonestOf(risk: GroupRisk | Risk | null): Extract<Risk, { kind: 'at' }> | 'unknown' | null {
  if (risk === null) return 'unknown';
  if ('kind' in risk) return risk.kind === 'at' ? risk : risk.kind === 'unknown' ? 'unknown' : null;
  // One that is known to come at the present rates is named; else the unknown one may be sooner.
  if (risk.soonest !== null && (risk.unknown === 0 || risk.soonest.presentSeconds !== null))
    return risk.soonest;
  return risk.unknown > 0 ? 'unknown' : null;
}
