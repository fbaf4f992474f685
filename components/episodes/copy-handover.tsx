'use client';

import { Button } from '@mantine/core';
import { IconClipboardText } from '@tabler/icons-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useFormat } from '@/components/ui/use-format';
import { onCluster } from '@/lib/client/cluster';
import type { Happened, HappenedRow } from '@/lib/contract/episodes';
import { useEpisodeText } from './use-episode-text';

/** Copies what happened as text, a line with a link for each row: for the next shift. */
export function CopyHandover({
  rows,
  data,
  span,
}: {
  rows: readonly HappenedRow[];
  data: Happened;
  span: string;
}) {
  const t = useTranslations('episodes');
  const common = useTranslations('common');
  const verdicts = useTranslations('verdict');
  const format = useFormat();
  const search = useSearchParams();
  const { textOf, subjectOf, causeOf } = useEpisodeText();
  const [copied, setCopied] = useState(false);
  const nameOf = ({ named }: HappenedRow) =>
    named.kind === 'group_trouble' ? verdicts(named.subject.verdict) : t(`kind.${named.kind}`);
  const lineOf = (row: HappenedRow): string => {
    const { words, href } = subjectOf(row.named);
    const times = `${format.stamp(row.began)} – ${row.ended ? format.stamp(row.ended) : t('untilNow')}`;
    const state = t(row.ended === null ? 'state.open' : 'state.over');
    const link = href ? ` ${location.origin}${onCluster(href, search)}` : '';
    return `- ${nameOf(row)}, ${words}: ${[textOf(row.named), causeOf(row.cause)].filter(Boolean).join(' ')} ${times} (${state})${link}`;
  };
  const copy = () => {
    const sentence = t('historySentence', { count: data.counts.all, span });
    const text = [`${sentence} ${location.href}`, ...rows.map(lineOf)].join('\n');
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <Button variant="default" leftSection={<IconClipboardText size={14} />} onClick={copy}>
      {copied ? common('copied') : t('copy')}
    </Button>
  );
}
