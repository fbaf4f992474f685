'use client';

import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useNow, useTranslations } from 'next-intl';
import type { MenuEntry } from '@/components/ui/menu-shape';
import { PressMenu } from '@/components/ui/press-menu';
import { useFormat } from '@/components/ui/use-format';
import { REFRESH_CHOICES, useRefreshChoice, useUpdatedAt } from '@/lib/client/refresh';
import classes from './shell.module.css';

/** How old what one sees is, how often it is asked for anew, and the way to ask now. */
export function RefreshMenu() {
  const t = useTranslations('refresh');
  const format = useFormat();
  const client = useQueryClient();
  const [choice, choose] = useRefreshChoice();
  const updatedAt = useUpdatedAt();
  const now = useNow({ updateInterval: 1_000 });
  const age = format.duration(Math.max(0, (now.getTime() - updatedAt) / 1_000));
  const isOff = choice === 0;
  const words = updatedAt === 0 ? t('label') : t(isOff ? 'updatedOff' : 'updated', { age });
  const entries: MenuEntry[] = [
    { key: 'now', label: t('now'), onPress: () => void client.invalidateQueries(), end: <kbd>r</kbd> },
    { key: 'line', isLine: true },
    { key: 'auto', heading: t('auto') },
    ...REFRESH_CHOICES.map((item) => ({
      key: String(item),
      label: item === 0 ? t('off') : t('every', { seconds: item }),
      onPress: () => choose(item),
      isCurrent: item === choice,
    })),
  ];
  return (
    <PressMenu entries={entries} width={200}>
      <button type="button" className={classes.refresh} aria-label={t('menu', { words })}>
        <IconRefresh size={14} stroke={1.6} aria-hidden />
        <span>{words}</span>
      </button>
    </PressMenu>
  );
}
