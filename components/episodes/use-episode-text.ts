import { useTranslations } from 'next-intl';
import { useFormat } from '@/components/ui/use-format';
import { groupPath, retryPath, topicPath } from '@/lib/contract/paths';
import type { EpisodeView } from '@/lib/contract/episodes';
import { visibleName } from '@/lib/values/visible-name';

type Of<Kind extends EpisodeView['kind']> = Extract<EpisodeView, { kind: Kind }>;

/** Verdicts with a sentence of their own. */
const VERDICTS = [
  'stuck',
  'beyond_end',
  'falling_behind',
  'stays_behind',
  'no_position',
  'not_assigned',
  'rebalancing',
  'waits_transaction',
] as const;

/** What an episode was, as a sentence and as its subject. */
export function useEpisodeText() {
  const t = useTranslations('episodes');
  const format = useFormat();

  const ofTrouble = ({ subject, figures }: Of<'group_trouble'>): string => {
    const [place] = figures.worst;
    const verdict = VERDICTS.find((item) => item === subject.verdict) ?? 'other';
    const values = {
      topic: place?.topic ?? '–',
      partition: place?.partition ?? 0,
      position: place?.position == null ? '–' : format.number(Number(place.position)),
      member: place?.member ?? 'none',
      host: place?.host ?? '–',
      peak: figures.peakLag ?? 0,
      delay: figures.peakDelaySeconds === null ? 'none' : format.duration(figures.peakDelaySeconds),
    };
    const more = Math.max(0, figures.partitions - 1);
    const sentence = t(`text.${verdict}`, values);
    return more === 0 ? sentence : `${sentence} ${t('text.morePartitions', { count: more })}`;
  };

  const textOf = (episode: EpisodeView): string => {
    const list = (names: string[]) => (names.length > 0 ? format.list(names) : 'none');
    switch (episode.kind) {
      case 'group_trouble':
        return ofTrouble(episode);
      case 'data_loss': {
        const { topic, partition } = episode.subject;
        const { records, from, to, isCertain } = episode.figures;
        if (records === 0) return t('text.lossGoesOn', { topic, partition });
        return t('text.data_loss', {
          ...{ topic, partition, count: records },
          from: format.number(Number(from)),
          to: format.number(Number(to) - 1),
          certain: isCertain ? 'yes' : 'no',
        });
      }
      case 'no_members': {
        const { peakLag, last } = episode.figures;
        return t('text.no_members', {
          peak: peakLag ?? 0,
          last: last ? 'some' : 'none',
          member: last?.member ?? '',
          host: last?.host ?? '',
        });
      }
      case 'rebalances': {
        const { count, left, joined } = episode.figures;
        return t('text.rebalances', { count, left: list(left), joined: list(joined) });
      }
      case 'broker_away':
        return episode.subject.broker === null
          ? t('text.cluster_away', { error: episode.figures.error ?? 'none' })
          : t('text.broker_away');
      case 'partition_offline':
        return t('text.partition_offline');
      case 'source_silent':
        return t('text.source_silent', { time: format.time(episode.figures.lastReport) });
      case 'gap':
        return t('text.gap', episode.figures);
      case 'position_moved': {
        const { by, isPartly, partitions, more, skipped, repeated } = episode.figures;
        return t('text.position_moved', {
          by: by ?? 'none',
          partly: isPartly ? 'yes' : 'no',
          count: partitions.length + more,
          ...{ skipped, repeated },
        });
      }
      case 'retry': {
        const { operator, selected, outcomes } = episode.figures;
        return t('text.retry', {
          ...{ operator, selected },
          handled: outcomes['HANDLED'] ?? 0,
          failed: outcomes['FAILED_AGAIN'] ?? 0,
        });
      }
      case 'release':
        return t('text.release', episode.subject);
    }
  };

  const subjectOf = useEpisodeSubject();

  /** What led to an episode, as a sentence; null where nothing did. */
  const causeOf = (cause: EpisodeView | null): string | null => {
    if (!cause) return null;
    const time = format.time(cause.began);
    if (cause.kind === 'release') return t('after.release', { ...cause.subject, time });
    if (cause.kind === 'no_members') return t('after.no_members', { time });
    if (cause.kind === 'group_trouble') return t('after.stuck', { time });
    return t('after.outage', { subject: subjectOf(cause).words, time });
  };

  return { textOf, subjectOf, causeOf };
}

/** What an episode is about, and its page; null: it has none. */
export function useEpisodeSubject(): (episode: EpisodeView) => { words: string; href: string | null } {
  const t = useTranslations('episodes');
  const format = useFormat();
  return (episode: EpisodeView): { words: string; href: string | null } => {
    switch (episode.kind) {
      case 'broker_away':
        return { words: episode.subject.broker ?? t('allBrokers'), href: '/settings' };
      case 'partition_offline': {
        const { topic, partition } = episode.subject;
        return { words: `${topic}/${partition}`, href: topicPath(topic) };
      }
      case 'gap':
        return { words: t('sampler'), href: '/settings' };
      case 'retry':
        return { words: format.list(episode.figures.groups), href: retryPath(episode.subject.retry) };
      case 'release':
        return { words: episode.subject.service, href: null };
      default:
        return { words: visibleName(episode.subject.group), href: groupPath(episode.subject.group) };
    }
  };
}
