import type { MessageDescription } from '@/lib/protocol/fact';
import type { Queryable } from '@/lib/postgres';
import { NameTable } from './name-table';

/** What a message is like: the names by which lists and counts are narrowed. An empty name is none. */
export interface Shape {
  /** 0: not known. */
  topicId: number;
  type: string;
  version: string;
  service: string;
  kind: string;
}

/** Shapes of one topic: types with the versions and services that a message of them has. */
const MAX_PER_TOPIC = 2_000;

export function shapeTable(store: Queryable, clusterId: number, maxPerTopic = MAX_PER_TOPIC) {
  return new NameTable<Shape>(store, {
    table: 'shape',
    owner: { name: 'topic_id', type: 'int', of: (shape) => shape.topicId },
    columns: (['type', 'version', 'service', 'kind'] as const).map((name) => ({
      name,
      type: 'text',
      of: (shape) => shape[name],
    })),
    maxPerOwner: maxPerTopic,
    fixed: { cluster_id: clusterId },
  });
}

/** The shape of a description. @param topics numbers by name */
export function shapeOf(
  description: Partial<MessageDescription>,
  topics: ReadonlyMap<string, number>,
): Shape {
  return {
    topicId: description.topic === undefined ? 0 : (topics.get(description.topic) ?? 0),
    type: description.type ?? '',
    version: description.version ?? '',
    service: description.service ?? '',
    kind: description.kind ?? '',
  };
}
