'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { PressMenu } from '@/components/ui/press-menu';
import type { FileFormat } from '@/lib/client/save-rows';

/** Offers what is listed as a file, in the formats there are. */
export function ExportMenu({
  onExport,
  isIcon,
}: {
  onExport: (format: FileFormat) => void;
  isIcon?: boolean;
}) {
  const t = useTranslations('common');
  const entries = [
    { key: 'csv', label: t('exportCsv'), onPress: () => onExport('csv') },
    { key: 'ndjson', label: t('exportNdjson'), onPress: () => onExport('ndjson') },
  ];
  return (
    <PressMenu entries={entries}>
      {isIcon ? (
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('export')}>
          <IconDownload size={16} stroke={1.6} />
        </ActionIcon>
      ) : (
        <Button variant="default" leftSection={<IconDownload size={14} />}>
          {t('export')}
        </Button>
      )}
    </PressMenu>
  );
}
