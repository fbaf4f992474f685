'use client';

import {
  IconArrowsShuffle,
  IconDatabaseX,
  IconEyeOff,
  IconFlag,
  IconHandMove,
  IconLinkOff,
  IconPlugConnectedX,
  IconRefresh,
} from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { VerdictChip } from '@/components/status/verdict-chip';
import type { EpisodeView } from '@/lib/contract/episodes';
import classes from './episodes.module.css';

const ICONS = {
  data_loss: IconDatabaseX,
  rebalances: IconArrowsShuffle,
  broker_away: IconPlugConnectedX,
  partition_offline: IconLinkOff,
  source_silent: IconEyeOff,
  gap: IconEyeOff,
  position_moved: IconHandMove,
  retry: IconRefresh,
  release: IconFlag,
} as const;

/** What kind of episode it is; one of a verdict wears the chip that the group wore. */
export function EpisodeChip({ episode }: { episode: EpisodeView }) {
  const t = useTranslations('episodes.kind');
  if (episode.kind === 'group_trouble') return <VerdictChip verdict={episode.subject.verdict} />;
  if (episode.kind === 'no_members') return <VerdictChip verdict="no_members" />;
  const Icon = ICONS[episode.kind];
  return (
    <span className={classes.chip} data-kind={episode.kind}>
      <Icon size={13} aria-hidden /> {t(episode.kind)}
    </span>
  );
}
