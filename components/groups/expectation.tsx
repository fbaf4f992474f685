'use client';

import { Button } from '@mantine/core';
import { IconCalendarCheck } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Problem } from '@/components/page/problem';
import { lazy } from '@/components/ui/lazy';
import { useEndExpectation } from '@/lib/client/use-groups';
import type { GroupView } from '@/lib/contract/groups';
import { ExpectedWords } from './expected-words';
import classes from './groups.module.css';

const ExpectationDialog = lazy(async () => (await import('./expectation-dialog')).ExpectationDialog);

/** When the group may have no members, and the way to set or end that. Shown where it has none, or where it is set. */
export function Expected({ group }: { group: GroupView }) {
  const t = useTranslations('groups.expected');
  const [isOpen, setOpen] = useState(false);
  const end = useEndExpectation(group.name);
  if (group.expected === null && group.verdict !== 'no_members') return null;
  return (
    <div className={classes.expected}>
      <IconCalendarCheck size={16} aria-hidden />
      <span>{group.expected ? <ExpectedWords expected={group.expected} /> : t('none')}</span>
      <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
        {t(group.expected ? 'change' : 'set')}
      </Button>
      {group.expected ? (
        <Button variant="subtle" size="compact-sm" loading={end.isPending} onClick={() => end.mutate()}>
          {t('end')}
        </Button>
      ) : null}
      {end.error ? <Problem error={end.error} changes /> : null}
      {isOpen ? <ExpectationDialog name={group.name} onClose={() => setOpen(false)} /> : null}
    </div>
  );
}
