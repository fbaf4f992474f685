'use client';

import { useTranslations } from 'next-intl';
import type { GroupType } from '@/lib/domain/groups/group-type';
import classes from './groups.module.css';

/** Marks a group that does not use the classic protocol; a classic group gets no mark. */
export function GroupTypeMark({ type }: { type: GroupType }) {
  const t = useTranslations('groups');
  if (type === 'classic') return null;
  return (
    <span className={classes.type} title={t(`typeHint.${type}`)}>
      {t(`type.${type}`)}
    </span>
  );
}
