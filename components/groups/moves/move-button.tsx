'use client';

import { Button } from '@mantine/core';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { lazy } from '@/components/ui/lazy';
import type { GroupView } from '@/lib/contract/groups';
import type { MoveStart } from './move-dialog';

const MoveDialog = lazy(async () => (await import('./move-dialog')).MoveDialog);

/** Opens the dialog that moves positions of a group. @param start where the dialog begins; absent: every partition */
export function MoveButton({ group, start, words }: { group: GroupView; start?: MoveStart; words?: string }) {
  const t = useTranslations('groups.move');
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
        {words ?? t('open')}
      </Button>
      {isOpen ? <MoveDialog group={group} start={start} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
