'use client';

import { ActionIcon } from '@mantine/core';
import { IconLayoutSidebarRight } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { ExportMenu } from '@/components/shell/export-menu';
import { onCluster } from '@/lib/client/cluster';
import { saveFrom } from '@/lib/client/save-rows';
import classes from './list.module.css';

/** What one can do with the list as it is filtered: look into its messages one by one, or take it away. */
export function ListTools({
  query,
  isPreviewing,
  onPreview,
}: {
  query: string;
  isPreviewing: boolean;
  onPreview: () => void;
}) {
  const t = useTranslations('messages');
  const search = useSearchParams();
  return (
    <span className={classes.tools}>
      <ActionIcon
        variant={isPreviewing ? 'light' : 'subtle'}
        color={isPreviewing ? undefined : 'gray'}
        size={28}
        className={classes.previewButton}
        aria-pressed={isPreviewing}
        aria-label={t('preview')}
        onClick={onPreview}
      >
        <IconLayoutSidebarRight size={16} stroke={1.6} />
      </ActionIcon>
      <ExportMenu
        isIcon
        onExport={(format) =>
          saveFrom(onCluster(`/api/messages/export?format=${format}&${query}`, search), `messages.${format}`)
        }
      />
    </span>
  );
}
