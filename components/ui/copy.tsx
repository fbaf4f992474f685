'use client';

import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';

/** Copies a value with one click and confirms it. */
export function Copy({ value, what }: { value: string; what: string }) {
  const t = useTranslations('common');
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('copied') : what}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={22}
            onClick={copy}
            aria-label={copied ? t('copied') : what}
          >
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
