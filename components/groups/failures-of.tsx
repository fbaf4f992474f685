'use client';

import { groupPath } from '@/lib/contract/paths';
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
      <Link className="inText" href={`${groupPath(group.name)}/failures`}>
        {t('failures', { count: group.failures })}
      </Link>
    </>
  );
}
