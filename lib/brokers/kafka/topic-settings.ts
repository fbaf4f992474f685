import type { TopicSettings } from '@/lib/brokers/broker';

/** Reads the settings of a topic out of Kafka's names and values. */
export function settingsOf(values: ReadonlyMap<string, string | null>): TopicSettings {
  const limit = (config: string) => {
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
