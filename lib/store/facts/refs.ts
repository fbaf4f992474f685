import { hash } from 'node:crypto';
import { isSamePosition, positionsOf, textOfPosition } from '@/lib/domain/messages/fold';
import { segmentsOf } from '@/lib/domain/search/words';
import type { Fact, Position } from '@/lib/protocol/fact';
import type { PoolClient } from '@/lib/postgres';
import { copyRows } from '../sql/binary-copy';
import type { Column } from '../sql/rows';
import { uuidOfTrace } from './pack-fact';
import type { MessagePlan } from './plan-messages';

/** What else a message is known by. A header is found by its value and then compared by its name. */
export type RefKind = 'position' | 'key' | 'segment' | 'producer' | 'alias' | 'trace' | 'retry';

export interface Ref {
  kind: RefKind;
  value: string;
}

/** The stored form of a ref: the first 8 bytes of SHA-256 of kind, NUL and value, as a signed number. */
export function hashOfRef(kind: RefKind, value: string): bigint {
  return hash('sha256', `${kind}\0${value}`, 'buffer').readBigInt64BE(0);
}

/** The refs that a fact adds to its message. */
export function refsOf(fact: Fact): Ref[] {
  const refs: Ref[] = [];
  const add = (kind: RefKind, value: string | undefined) => {
    if (value) refs.push({ kind, value });
  };
  for (const position of positionsOf(fact)) add('position', textOfPosition(position));
  add('key', fact.message?.key);
  for (const segment of segmentsOf(fact.message?.key ?? '')) add('segment', segment);
  add('producer', fact.message?.producerId);
  for (const { value } of fact.idHeaders ?? []) add('alias', value);
  add('trace', fact.message?.traceId);
  add('retry', fact.retryId);
  return refs;
}

/** Whether a fact names its message by nothing but the message's own place, as most outcomes do. */
function hasOnlyPlace(
  { position, message, gaveUp, idHeaders, retryId }: Fact,
  own: Position | null,
): boolean {
  if (message || gaveUp?.to || idHeaders || retryId !== undefined) return false;
  return position === undefined || (own !== null && isSamePosition(own, position));
}

function furtherRefs(plan: Pick<MessagePlan, 'row' | 'own'>, facts: readonly Fact[]): bigint[] {
  const some = facts.filter((fact) => !hasOnlyPlace(fact, plan.own));
  if (some.length === 0) return [];
  const { key, traceId } = plan.row.description;
  const own = plan.own && textOfPosition(plan.own);
  const [segment] = segmentsOf(key ?? '');
  const hashes = new Set<bigint>();
  for (const { kind, value } of some.flatMap(refsOf)) {
    if (kind === 'position' && value === own) continue;
    if (kind === 'key' && value === key) continue;
    if (kind === 'segment' && value === segment) continue;
    if (kind === 'trace' && value === traceId && uuidOfTrace(value) !== null) continue;
    hashes.add(hashOfRef(kind, value));
  }
  return [...hashes];
}

/** A ref as it is written. */
export interface RefRow {
  messageId: string;
  hash: bigint;
}

const COLUMNS: Column<RefRow>[] = [
  { name: 'value_hash', type: 'bigint', of: (ref) => ref.hash },
  { name: 'message_id', type: 'uuid', of: (ref) => ref.messageId },
];

/** Refs of facts that their message has no column for. */
export function refRowsOf(plan: Pick<MessagePlan, 'row' | 'own'>, facts: readonly Fact[]): RefRow[] {
  return furtherRefs(plan, facts).map((hash) => ({ messageId: plan.row.id, hash }));
}

/** Writes refs of messages that have none yet. */
export async function copyRefs(client: PoolClient, rows: readonly RefRow[]): Promise<void> {
  if (rows.length > 0) await copyRows(client, 'ref', COLUMNS, rows);
}

/**
 * Writes those of the refs that their messages do not have. The transaction holds the messages, so none is added meanwhile.
 * @returns those, as `hash message id`
 */
export async function addRefs(client: PoolClient, rows: readonly RefRow[]): Promise<Set<string>> {
  if (rows.length === 0) return new Set();
  const ids = [...new Set(rows.map((row) => row.messageId))].sort();
  const { rows: there } = await client.query<{ value_hash: string; message_id: string }>({
    name: 'known-refs',
    text: `SELECT value_hash, message_id FROM ref
           WHERE value_hash = ANY($1::bigint[]) AND message_id = ANY($2::uuid[]) AND message_id >= $3 AND message_id <= $4`,
    values: [[...new Set(rows.map((row) => row.hash.toString()))], ids, ids[0], ids.at(-1)],
  });
  const known = new Set(there.map((row) => `${row.value_hash} ${row.message_id}`));
  const fresh = new Map(rows.map((row) => [`${row.hash} ${row.messageId}`, row]));
  for (const key of known) fresh.delete(key);
  await copyRefs(client, [...fresh.values()]);
  return new Set(fresh.keys());
}

/** Removes the refs that facts added to their messages. */
export async function removeRefs(client: PoolClient, facts: readonly Fact[]): Promise<void> {
  const ids = [...new Set(facts.map((fact) => fact.messageId))].sort();
  if (ids.length === 0) return;
  const hashes = new Set(facts.flatMap(refsOf).map(({ kind, value }) => hashOfRef(kind, value).toString()));
  await client.query(
    `DELETE FROM ref WHERE value_hash = ANY($1::bigint[]) AND message_id = ANY($2::uuid[])
       AND message_id >= $3 AND message_id <= $4`,
    [[...hashes], ids, ids[0], ids.at(-1)],
  );
}
