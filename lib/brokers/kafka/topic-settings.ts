import type { TopicSettings } from '@/lib/brokers/broker';

/** Kafka's names of the settings that Courier reads: an answer with all of them is ten times as long. */
export const TOPIC_SETTINGS = [
  'cleanup.policy',
  'retention.ms',
  'retention.bytes',
  'segment.bytes',
  'segment.ms',
  'remote.storage.enable',
  'max.message.bytes',
] as const;

/** Reads the settings of a topic out of Kafka's names and values. */
export function settingsOf(values: ReadonlyMap<string, string | null>): TopicSettings {
  const limit = (config: (typeof TOPIC_SETTINGS)[number]) => {
    const value = Number(values.get(config) ?? -1);
    return value < 0 ? null : value;
  };
  const cleanup = values.get('cleanup.policy') ?? 'delete';
  const deletes = cleanup.includes('delete');
  return {
    retentionMs: deletes ? limit('retention.ms') : null,
    retentionBytes: deletes ? limit('retention.bytes') : null,
    segmentBytes: limit('segment.bytes'),
    segmentMs: limit('segment.ms'),
    isTiered: values.get('remote.storage.enable') === 'true',
    compacted: cleanup.includes('compact'),
    maxBatchBytes: limit('max.message.bytes'),
  };
}
