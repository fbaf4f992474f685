'use client';

import { ActionIcon, Button } from '@mantine/core';
import { IconCheck, IconLink } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

/** Copies the address of the page as it is: its filters, its tab, its time range. */
export function CopyLink({ words, isIcon }: { words?: string; isIcon?: boolean }) {
  const t = useTranslations('common');
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(location.href).then(() => setCopied(true));
  };
  const said = copied ? t('copied') : (words ?? t('copyLink'));
  if (isIcon)
    return (
      <ActionIcon variant="subtle" color="gray" size={28} aria-label={said} title={said} onClick={copy}>
        {copied ? <IconCheck size={16} stroke={1.6} /> : <IconLink size={16} stroke={1.6} />}
      </ActionIcon>
    );
  return (
    <Button variant="default" leftSection={<IconLink size={14} />} onClick={copy}>
      {said}
    </Button>
  );
}
