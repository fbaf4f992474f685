'use client';

import { ActionIcon } from '@mantine/core';
import { IconLayoutSidebarRight } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { CopyLink } from '@/components/page/copy-link';
import { ExportMenu } from '@/components/page/export-menu';
import { Problem } from '@/components/page/problem';
import { ask } from '@/lib/client/api';
import { requestOf, type MessageFilters } from '@/lib/client/use-messages';
import { saveText, type FileFormat } from '@/lib/client/save-rows';
import classes from './list.module.css';

/** Actions on the filtered list: preview its messages, copy its link, export it. */
export function ListTools({
  filters,
  isPreviewing,
  onPreview,
}: {
  filters: MessageFilters;
  isPreviewing: boolean;
  onPreview: () => void;
}) {
  const t = useTranslations('messages');
  const save = useMutation({
    mutationFn: async (format: FileFormat) => {
      const query = { ...requestOf({ ...filters, before: null }), format };
      saveText(`messages.${format}`, await ask('GET /api/messages/export', { query }));
    },
  });
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
      <CopyLink isIcon />
      <ExportMenu isIcon onExport={(format) => save.mutate(format)} />
      {save.error ? <Problem error={save.error} /> : null}
    </span>
  );
}
