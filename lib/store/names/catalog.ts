import { hash } from 'node:crypto';
import { storable } from '@/lib/protocol/text';
import type { Queryable } from '@/lib/postgres';
import type { NameTable } from './name-table';
import { originTable, type Origin } from './origins';
import { shapeTable, type Shape } from './shapes';

const MAX_NAME_BYTES = 1_024;

/** Topics, groups and types of each that a process keeps in memory. */
const MAX_NAMES = 20_000;

/** Shapes whose names a process keeps in memory. */
const MAX_SHAPE_NAMES = 20_000;

/** Names of a shape; an empty one is none. */
export interface ShapeNames {
  topic: string | null;
  type: string;
  version: string;
  service: string;
  kind: string;
}

/** How long it is believed that there are former tables. */
const FORMER_AGE_MS = 60_000;

/** Hexadecimal digits of the hash that keeps two long names apart which begin alike. */
const HASH_DIGITS = 12;

/**
 * A name as the store has it. A broker takes names that a database does not: characters that PostgreSQL's `text` cannot hold are
 * replaced, and a name of more than 1,024 bytes is cut, with an ellipsis and a part of its hash in the last place.
 */
export function storedName(name: string): string {
  const cut = storable(name, MAX_NAME_BYTES - HASH_DIGITS);
  if (cut.length >= name.length) return cut;
  const whole = storable(name, MAX_NAME_BYTES);
  return whole.length >= name.length ? whole : `${cut}${hash('sha256', name).slice(0, HASH_DIGITS)}`;
}

/** Whether a name as the store has it contains a text; a text longer than a cut name contains the name's beginning. */
export function nameContains(stored: string, text: string): boolean {
  if (stored.includes(text)) return true;
  const end = stored.length - HASH_DIGITS - 1;
  return stored[end] === '…' && end > MAX_NAME_BYTES / 8 && text.startsWith(stored.slice(0, end));
}

/**
 * Numbers of topics and groups, made at first use and kept in memory: a name never changes its number. Rows are made
 * outside the caller's transaction, so that two writers never wait for each other's names.
 */
export class Catalog {
  private readonly topics = new Map<string, number>();
  private readonly groups = new Map<string, number>();
  private readonly types = new Set<string>();
  /** What messages are like, and who reported facts. */
  readonly shapes: NameTable<Shape>;
  readonly origins: NameTable<Origin>;
  private readonly shapeNames = new Map<number, ShapeNames>();
  private former: { exist: boolean; askedAt: number } = { exist: true, askedAt: -Infinity };
  /** Whether messages came that another cluster had first, as where topics are mirrored. */
  meetsOthers = false;

  constructor(
    private readonly store: Queryable,
    readonly clusterId: number,
    limits: { shapesPerTopic?: number; originsPerService?: number } = {},
  ) {
    this.shapes = shapeTable(store, clusterId, limits.shapesPerTopic);
    this.origins = originTable(store, limits.originsPerService);
  }

  /** Numbers of topics by name. */
  topicIds(names: Iterable<string>): Promise<Map<string, number>> {
    return this.ids('topic', this.topics, names);
  }

  /** Numbers of groups by name. */
  groupIds(names: Iterable<string>): Promise<Map<string, number>> {
    return this.ids('consumer_group', this.groups, names);
  }

  async topicId(name: string): Promise<number> {
    return (await this.topicIds([name])).get(name) ?? 0;
  }

  async groupId(name: string): Promise<number> {
    return (await this.groupIds([name])).get(name) ?? 0;
  }

  /** Number of a topic that is known; -1, which no row has, for any other name: a search must make no rows. */
  findTopic(name: string): Promise<number> {
    return this.find('topic', this.topics, name);
  }

  /** Number of a group that is known, or -1. */
  findGroup(name: string): Promise<number> {
    return this.find('consumer_group', this.groups, name);
  }

  /** What messages of some shapes are like, by the shape's number. */
  async shapesOf(ids: readonly number[]): Promise<ReadonlyMap<number, ShapeNames>> {
    const missing = [...new Set(ids)].filter((id) => !this.shapeNames.has(id));
    if (missing.length === 0) return this.shapeNames;
    if (this.shapeNames.size > MAX_SHAPE_NAMES) this.shapeNames.clear();
    const { rows } = await this.store.query<ShapeNames & { id: number }>({
      name: 'shape-names',
      text: `SELECT s.id, t.name AS topic, s.type, s.version, s.service, s.kind
             FROM shape s LEFT JOIN topic t ON t.id = s.topic_id WHERE s.id = ANY($1)`,
      values: [[...new Set(ids)]],
    });
    for (const { id, ...names } of rows) this.shapeNames.set(id, names);
    return this.shapeNames;
  }

  /** Whether some days still have former tables; there are never more of them again. */
  async hasFormer(): Promise<boolean> {
    if (this.former.exist && performance.now() - this.former.askedAt > FORMER_AGE_MS) {
      const { rows } = await this.store.query<{ exist: boolean }>(
        "SELECT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = 'former_message'::regclass) AS exist",
      );
      this.former = { exist: rows[0]?.exist === true, askedAt: performance.now() };
    }
    return this.former.exist;
  }

  /** Stores the types of each topic, each once per process. */
  async rememberTypes(types: { topicId: number; type: string; service: string }[]): Promise<void> {
    const fresh = new Map(
      types.map((item) => [`${item.topicId} ${item.type}\n${item.service}`, item] as const),
    );
    for (const key of fresh.keys()) if (this.types.has(key)) fresh.delete(key);
    if (fresh.size === 0) return;
    const rows = [...fresh].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
    await this.store.query({
      name: 'remember-types',
      text: `INSERT INTO message_type (topic_id, type, service)
       SELECT * FROM unnest($1::int[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING`,
      values: [rows.map((row) => row.topicId), rows.map((row) => row.type), rows.map((row) => row.service)],
    });
    if (this.types.size > MAX_NAMES) this.types.clear();
    for (const key of fresh.keys()) this.types.add(key);
  }

  private async find(
    table: 'topic' | 'consumer_group',
    known: Map<string, number>,
    name: string,
  ): Promise<number> {
    const id = known.get(name);
    if (id !== undefined) return id;
    const { rows } = await this.store.query<{ id: number }>(
      `SELECT id FROM ${table} WHERE cluster_id = $1 AND name = $2`,
      [this.clusterId, storedName(name)],
    );
    const found = rows[0]?.id;
    if (found !== undefined) known.set(name, found);
    return found ?? -1;
  }

  private async ids(
    table: 'topic' | 'consumer_group',
    known: Map<string, number>,
    names: Iterable<string>,
  ): Promise<Map<string, number>> {
    const asked = [...new Set(names)];
    // Names are the services' own: however many there are, the memory of a process is not theirs to fill.
    if (known.size > MAX_NAMES) known.clear();
    const missing = asked.filter((name) => !known.has(name)).map((name) => [name, storedName(name)] as const);
    if (missing.length > 0) {
      const stored = [...new Set(missing.map(([, name]) => name))].sort();
      await this.store.query(
        `INSERT INTO ${table} (cluster_id, name) SELECT $1, name FROM unnest($2::text[]) AS name
         ON CONFLICT (cluster_id, name) DO NOTHING`,
        [this.clusterId, stored],
      );
      const { rows } = await this.store.query<{ id: number; name: string }>(
        `SELECT id, name FROM ${table} WHERE cluster_id = $1 AND name = ANY($2)`,
        [this.clusterId, stored],
      );
      const byName = new Map(rows.map((row) => [row.name, row.id]));
      for (const [name, text] of missing) known.set(name, byName.get(text) ?? 0);
    }
    return new Map(asked.map((name) => [name, known.get(name) ?? 0]));
  }
}
