import { hash } from 'node:crypto';
import { textOfPosition } from '@/lib/domain/messages/fold';
import { segmentsOf } from '@/lib/domain/search/words';
import type { Fact } from '@/lib/protocol/fact';
import { topicOfPosition } from '@/lib/protocol/position';
import { roleOfTopic } from '@/lib/protocol/topics';
import { copyRows, mergeRows } from '../sql/binary-copy';
import type { Column } from '../sql/rows';
import type { PoolClient } from '@/lib/postgres';

/** What else a message is known by. */
export type RefKind = 'position' | 'key' | 'segment' | 'producer' | 'alias' | 'header' | 'trace' | 'retry';

export interface Ref {
  messageId: string;
  kind: RefKind;
  value: string;
}

/** The first 16 bytes of SHA-256: the fixed-length index key of a ref. */
export function hashOfRef(value: string): Buffer {
  return hash('sha256', value, 'buffer').subarray(0, 16);
}

/** The refs that a fact adds to its message. */
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

/** The refs of facts without duplicates. @param facts grouped by message */
function* distinctRefs(facts: Iterable<Fact>): Generator<Ref> {
  let messageId = '';
  let seen = new Set<string>();
  for (const fact of facts) {
    if (fact.messageId !== messageId) {
      messageId = fact.messageId;
      seen = new Set();
    }
    for (const ref of refsOf(fact)) {
      const { size } = seen;
      if (seen.add(`${ref.kind} ${ref.value}`).size > size) yield ref;
    }
  }
}

const COLUMNS: Column<Ref>[] = [
  { name: 'message_id', type: 'uuid', of: (ref) => ref.messageId },
  { name: 'kind', type: 'text', of: (ref) => ref.kind },
  { name: 'value_hash', type: 'bytea', of: (ref) => hashOfRef(ref.value) },
  { name: 'value', type: 'text', of: (ref) => ref.value },
];

/**
 * Adds the refs of facts that are not stored yet, and counts the copies of known messages by the positions on their own
 * topics.
 * @param facts in the order of their messages, in which all writers write
 * @param fresh ids of messages that are new in this transaction, with their copies counted
 */
export async function addRefs(
  client: PoolClient,
  clusterId: number,
  facts: Fact[],
  fresh: ReadonlySet<string>,
): Promise<void> {
  const columns: Column<Ref>[] = [...COLUMNS, { name: 'cluster_id', type: 'smallint', of: () => clusterId }];
  const [ofNew, ofKnown] = [true, false].map((isNew) =>
    facts.filter((fact) => fresh.has(fact.messageId) === isNew),
  ) as [Fact[], Fact[]];
  if (ofNew.length > 0) await copyRows(client, 'ref', columns, distinctRefs(ofNew));
  if (ofKnown.length === 0) return;
  const rows = await mergeRows<Ref, { message_id: string; kind: RefKind; value: string }>(
    client,
    'ref',
    columns,
    distinctRefs(ofKnown),
    {
      key: 'message_id, kind, value_hash',
      onConflict: 'DO NOTHING RETURNING message_id, kind, value',
    },
  );
  const copies = new Map<string, number>();
  for (const row of rows) {
    if (row.kind === 'position' && roleOfTopic(topicOfPosition(row.value)) === 'message') {
      copies.set(row.message_id, (copies.get(row.message_id) ?? 0) + 1);
    }
  }
  if (copies.size === 0) return;
  await client.query({
    name: 'count-copies',
    text: `UPDATE message SET copies = message.copies + r.copies
           FROM unnest($1::uuid[], $2::int[]) AS r (id, copies) WHERE message.id = r.id`,
    values: [[...copies.keys()], [...copies.values()]],
  });
}
