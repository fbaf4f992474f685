'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { Problem } from '@/components/page/problem';
import { useAcknowledgeLosses } from '@/lib/client/use-groups';
import type { GroupFigures } from '@/lib/contract/groups';
import classes from './groups.module.css';
import { LossSentence, LostDataChip } from './loss-sentence';

const MAX_LOSSES = 3;

/** Messages that left the log before a group read them, until an operator acknowledges it. */
export function Losses({ group }: { group: GroupFigures }) {
  const t = useTranslations('groups');
  const acknowledge = useAcknowledgeLosses(group.name);
  const [newest] = group.losses;
  if (!newest) return null;
  return (
    <div className={classes.losses}>
      <LostDataChip />
      <ul>
        {group.losses.slice(0, MAX_LOSSES).map((loss) => (
          <li key={`${loss.topic}/${loss.partition} ${loss.from}`}>
            <LossSentence loss={loss} />
          </li>
        ))}
        {group.losses.length > MAX_LOSSES ? (
          <li className="quiet">{t('moreLines', { count: group.losses.length - MAX_LOSSES })}</li>
        ) : null}
      </ul>
      <Button
        variant="default"
        size="compact-sm"
        loading={acknowledge.isPending}
        onClick={(event) => {
          event.stopPropagation();
          acknowledge.mutate(newest.at);
        }}
      >
        {t('acknowledge')}
      </Button>
      {acknowledge.error ? <Problem error={acknowledge.error} /> : null}
    </div>
  );
}
