'use client';

import { IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Copy } from '@/components/ui/copy';
import type { RightView } from '@/lib/contract/clusters';
import classes from './connection.module.css';

/** Names that are listed where a right is missing on many. */
const MAX_NAMED = 5;

/** Every right that Courier uses, what it is for, and the commands that grant those that are missing. */
export function Rights({ rights }: { rights: RightView[] }) {
  const t = useTranslations('connection');
  const format = useFormatter();
  const commands = rights
    .filter(({ granted }) => granted === false)
    .map(
      ({ grant }) =>
        `kafka-acls.sh --bootstrap-server … --command-config admin.properties --add --allow-principal User:courier ${grant}`,
    )
    .join('\n');
  return (
    <>
      <ul className={classes.rights} aria-label={t('step.rights')}>
        {rights.map(({ right, granted, missingOn }) => {
          const state = granted === null ? 'unknown' : granted ? 'granted' : 'missing';
          const Icon = { unknown: IconQuestionMark, granted: IconCheck, missing: IconX }[state];
          const named = missingOn.length > MAX_NAMED ? [...missingOn.slice(0, MAX_NAMED), '…'] : missingOn;
          return (
            <li key={right} data-state={state}>
              <Icon size={14} aria-hidden />
              <code>{t(`right.${right}.name`)}</code>
              <span>
                {t(`right.${right}.for`)}
                {named.length > 0 ? (
                  <span className="quiet"> · {t('missingOn', { names: format.list(named) })}</span>
                ) : null}
              </span>
              <span className={classes.state}>{t(state)}</span>
            </li>
          );
        })}
      </ul>
      {commands === '' ? null : (
        <div className={classes.grants}>
          <p>{t('grants')}</p>
          <pre>{commands}</pre>
          <Copy value={commands} what={t('copy')} />
        </div>
      )}
    </>
  );
}
