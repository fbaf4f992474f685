'use client';

import { Button } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

/** Copies the address of the page as it is: its filters, its tab, its time range. */
export function CopyLink({ words }: { words?: string }) {
  const t = useTranslations('common');
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(location.href).then(() => setCopied(true));
  };
  return (
    <Button variant="default" leftSection={<IconLink size={14} />} onClick={copy}>
      {copied ? t('copied') : (words ?? t('copyLink'))}
    </Button>
  );
}
