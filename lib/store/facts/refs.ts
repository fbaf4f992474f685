import { createHash } from 'node:crypto';
import { textOfPosition } from '@/lib/domain/fold';
import { segmentsOf } from '@/lib/domain/search-words';
import type { Fact } from '@/lib/protocol/fact';
import { roleOfTopic } from '@/lib/protocol/topics';
import { arraysOf, unnestOf, type Column } from '@/lib/store/rows';
import type { Queryable } from '@/lib/postgres';

/** What else a message is known by. */
export type RefKind = 'position' | 'key' | 'segment' | 'producer' | 'alias' | 'header' | 'trace' | 'retry';

export interface Ref {
  messageId: string;
  kind: RefKind;
  value: string;
}

/** The first 16 bytes of SHA-256: what a ref is looked up by, however long its value is. */
export function hashOfRef(value: string): Buffer {
  return createHash('sha256').update(value).digest().subarray(0, 16);
}

/** What a fact says a message is known by. */
export function refsOf(fact: Fact): Ref[] {
  const refs: Ref[] = [];
  const add = (kind: RefKind, value: string | undefined) => {
    if (value) refs.push({ messageId: fact.messageId, kind, value });
  };
  if (fact.position) add('position', textOfPosition(fact.position));
  if (fact.gaveUp?.to) add('position', textOfPosition(fact.gaveUp.to));
  add('key', fact.message?.key);
  for (const segment of segmentsOf(fact.message?.key ?? '')) add('segment', segment);
  add('producer', fact.message?.producerId);
  for (const { name, value } of fact.idHeaders ?? []) {
    add('header', `${name}=${value}`);
    add('alias', value);
  }
  add('trace', fact.message?.traceId);
  add('retry', fact.retryId);
  return refs;
}

/** `topic` of `topic/partition/offset`. */
export function topicOfPosition(text: string): string {
  return text.slice(0, text.lastIndexOf('/', text.lastIndexOf('/') - 1));
}

/** Refs each once, in the order in which all writers write them. */
export function distinctRefs(refs: Ref[]): Ref[] {
  const distinct = [
    ...new Map(refs.map((ref) => [`${ref.messageId} ${ref.kind} ${ref.value}`, ref])).values(),
  ];
  return distinct.sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
}

/** Columns of `ref`. */
export function refColumns(clusterId: number): Column<Ref>[] {
  return [...COLUMNS, { name: 'cluster_id', type: 'smallint', of: () => clusterId }];
}

const COLUMNS: Column<Ref>[] = [
  { name: 'message_id', type: 'uuid', of: (ref) => ref.messageId },
  { name: 'kind', type: 'text', of: (ref) => ref.kind },
  { name: 'value_hash', type: 'bytea', of: (ref) => hashOfRef(ref.value) },
  { name: 'value', type: 'text', of: (ref) => ref.value },
];

/** Adds refs that are not known yet, and counts the copies of messages by the positions on their own topics. */
export async function addRefs(store: Queryable, clusterId: number, refs: Ref[]): Promise<void> {
  if (refs.length === 0) return;
  const distinct = distinctRefs(refs);
  const { rows } = await store.query<{ message_id: string; kind: RefKind; value: string }>({
    name: 'add-refs',
    text: `INSERT INTO ref (message_id, kind, value_hash, value, cluster_id)
           SELECT message_id, kind, value_hash, value, $5 FROM ${unnestOf(COLUMNS)}
           ON CONFLICT (message_id, kind, value_hash) DO NOTHING RETURNING message_id, kind, value`,
    values: [...arraysOf(COLUMNS, distinct), clusterId],
  });
  const copies = new Map<string, number>();
  for (const row of rows) {
    if (row.kind === 'position' && roleOfTopic(topicOfPosition(row.value)) === 'message') {
      copies.set(row.message_id, (copies.get(row.message_id) ?? 0) + 1);
    }
  }
  if (copies.size === 0) return;
  await store.query({
    name: 'count-copies',
    text: `UPDATE message SET copies = message.copies + r.copies
           FROM unnest($1::uuid[], $2::int[]) AS r (id, copies) WHERE message.id = r.id`,
    values: [[...copies.keys()], [...copies.values()]],
  });
}
