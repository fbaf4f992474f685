'use client';

import { segmentOf } from '@/lib/values/path-segment';
import { useTranslations } from 'next-intl';
import { Link } from '@/components/page/link';
import type { GroupWithFailures } from '@/lib/contract/groups';

/** Leads to what fails in a group, where anything does. */
export function FailuresOf({ group }: { group: GroupWithFailures }) {
  const t = useTranslations('groups');
  if (group.failures === 0) return null;
  return (
    <>
      {' · '}
      <Link className="inText" href={`/groups/${segmentOf(group.name)}/failures`}>
        {t('failures', { count: group.failures })}
      </Link>
    </>
  );
}
