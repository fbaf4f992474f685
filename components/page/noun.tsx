'use client';

import { Tooltip } from '@mantine/core';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import classes from './noun.module.css';

/** The nouns that a newcomer meets, in the order in which they explain each other. */
export const NOUNS = [
  'message',
  'group',
  'delivery',
  'attempt',
  'failure',
  'retry',
  'lag',
  'deadLetter',
] as const;
export type NounName = (typeof NOUNS)[number];

/** A noun with its one sentence: on hovering, on focus, on a touch. */
export function Noun({ name, children }: { name: NounName; children: ReactNode }) {
  const t = useTranslations('noun');
  return (
    <Tooltip
      label={t(`${name}.sentence`)}
      multiline
      w={280}
      events={{ hover: true, focus: true, touch: true }}
    >
      <button type="button" className={classes.noun}>
        {children}
      </button>
    </Tooltip>
  );
}
