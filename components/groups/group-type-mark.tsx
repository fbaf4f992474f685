'use client';

import { useTranslations } from 'next-intl';
import type { GroupType } from '@/lib/domain/groups/group-type';
import classes from './groups.module.css';

/** Says of a group that it is not of the classic protocol; nothing for one that is. */
export function GroupTypeMark({ type }: { type: GroupType }) {
  const t = useTranslations('groups');
  if (type === 'classic') return null;
  return (
    <span className={classes.type} title={t(`typeHint.${type}`)}>
      {t(`type.${type}`)}
    </span>
  );
}
