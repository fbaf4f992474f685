'use client';

import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
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
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {isIcon ? (
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('export')}>
            <IconDownload size={16} stroke={1.6} />
          </ActionIcon>
        ) : (
          <Button variant="default" leftSection={<IconDownload size={14} />}>
            {t('export')}
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onExport('csv')}>{t('exportCsv')}</Menu.Item>
        <Menu.Item onClick={() => onExport('ndjson')}>{t('exportNdjson')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
