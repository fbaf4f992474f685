import type { Queryable } from '@/lib/postgres';
import { digestOf } from './digest';

/** Rows that a process keeps in memory. */
const MAX_KEPT = 20_000;
/** How long it keeps them: a row that is in use is marked as seen at least this often. */
const KEPT_MS = 12 * 3_600_000;

/** Number of a row of names. */
export interface NamedRow {
  id: number;
  /** Whether it is that of all names without a row of their own; their names are kept where the number is. */
  isOverflow: boolean;
}

/** What makes up a table of names. */
export interface NameTableOptions<Names> {
  table: 'shape' | 'origin';
  /** Columns but the first, which is the owner, with their types and values. */
  columns: readonly { name: string; type: 'text'; of(names: Names): string }[];
  owner: { name: string; type: 'text' | 'int'; of: (names: Names) => string | number };
  /** Rows of one owner. */
  maxPerOwner: number;
  /** Further columns with one value for all rows of this process. */
  fixed: Readonly<Record<string, number>>;
}

/**
 * A table of names that repeat, each combination once. A number never changes; those in use are kept in memory. An owner
 * with more combinations than are allowed gets one row for the rest, so that the table never grows with messages.
 */
export class NameTable<Names> {
  private readonly kept = new Map<string, NamedRow>();
  private keptSince = Date.now();

  constructor(
    private readonly store: Queryable,
    private readonly options: NameTableOptions<Names>,
  ) {}

  /** Key of names in the answer of `ids`. */
  keyOf(names: Names): string {
    const { owner, columns, fixed } = this.options;
    // No name has a NUL.
    let key = `${Object.values(fixed).join(' ')}\0${owner.of(names)}`;
    for (const column of columns) key += `\0${column.of(names)}`;
    return key;
  }

  /**
   * Numbers of names, made where they have none: outside of the caller's transaction, so that two writers never wait for each
   * other's names.
   */
  async ids(names: Iterable<Names>): Promise<Map<string, NamedRow>> {
    this.forgetOld();
    const found = new Map<string, NamedRow>();
    const missing = new Map<string, Names>();
    for (const item of names) {
      const key = this.keyOf(item);
      const known = this.kept.get(key);
      if (known) found.set(key, known);
      else missing.set(key, item);
    }
    if (missing.size === 0) return found;
    for (const [key, row] of await this.make(missing)) {
      found.set(key, row);
      // An overflow may be emptied by retention; and what its names are is not for this memory to hold.
      if (!row.isOverflow) this.kept.set(key, row);
    }
    return found;
  }

  private forgetOld(): void {
    if (this.kept.size < MAX_KEPT && Date.now() - this.keptSince < KEPT_MS) return;
    this.kept.clear();
    this.keptSince = Date.now();
  }

  private async make(missing: ReadonlyMap<string, Names>): Promise<Map<string, NamedRow>> {
    const digests = new Map([...missing].map(([key]) => [digestOf(key), key]));
    const found = await this.read(digests);
    const unknown = [...missing].filter(([key]) => !found.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
    if (unknown.length === 0) return found;
    await this.insert(unknown.map(([, names]) => names));
    const made = await this.read(new Map(unknown.map(([key]) => [digestOf(key), key])));
    for (const [key, row] of made) found.set(key, row);
    const refused = unknown.filter(([key]) => !found.has(key));
    for (const [owner, keys] of ownersOf(refused, this.options.owner.of)) {
      const row = await this.overflow(owner);
      for (const key of keys) found.set(key, row);
    }
    return found;
  }

  private async read(digests: ReadonlyMap<string, string>): Promise<Map<string, NamedRow>> {
    const { table } = this.options;
    const { rows } = await this.store.query<{ id: number; digest: string }>({
      name: `seen-${table}`,
      text: `WITH stale AS (UPDATE ${table} SET seen_at = now() WHERE digest = ANY($1) AND seen_at < now() - interval '12 hours')
             SELECT id, digest FROM ${table} WHERE digest = ANY($1)`,
      values: [[...digests.keys()].sort()],
    });
    return new Map(rows.map(({ id, digest }) => [digests.get(digest) ?? '', { id, isOverflow: false }]));
  }

  private async insert(names: readonly Names[]): Promise<void> {
    const { table, owner, columns, fixed, maxPerOwner } = this.options;
    const all = [owner, ...columns];
    const list = all.map((column) => column.name).join(', ');
    const fixedNames = Object.keys(fixed);
    const values: unknown[] = [names.map((item) => digestOf(this.keyOf(item)))];
    const arrays = all.map(
      (column) => `$${values.push(names.map((item) => column.of(item)))}::${column.type}[]`,
    );
    const fixedValues = fixedNames.map((name) => `$${values.push(fixed[name])}::int`);
    const most = `$${values.push(maxPerOwner)}::int`;
    const isOurs = fixedNames.map((name, at) => ` AND ${name} = ${fixedValues[at] ?? ''}`).join('');
    await this.store.query({
      name: `make-${table}`,
      text: `INSERT INTO ${table} (${['digest', ...fixedNames, list].join(', ')})
             SELECT ${['digest', ...fixedValues, list].join(', ')}
             FROM (SELECT r.*, row_number() OVER (PARTITION BY ${owner.name} ORDER BY digest) AS number
                   FROM unnest($1::uuid[], ${arrays.join(', ')}) AS r (digest, ${list})) r
               LEFT JOIN (SELECT ${owner.name}, count(*) AS there FROM ${table}
                          WHERE ${owner.name} = ANY($2)${isOurs} GROUP BY 1) known USING (${owner.name})
             WHERE coalesce(known.there, 0) + number <= ${most}
             ORDER BY digest ON CONFLICT DO NOTHING`,
      values,
    });
  }

  private async overflow(ownerValue: string | number): Promise<NamedRow> {
    const { table, owner, fixed } = this.options;
    const digest = digestOf(JSON.stringify(['overflow', ...Object.values(fixed), ownerValue]));
    const names = ['digest', ...Object.keys(fixed), owner.name, 'is_overflow'];
    const values = [digest, ...Object.values(fixed), ownerValue, true];
    const { rows } = await this.store.query<{ id: number }>(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${values.map((_, at) => `$${at + 1}`).join(', ')})
       ON CONFLICT (digest) DO UPDATE SET seen_at = now() RETURNING id`,
      values,
    );
    return { id: rows[0]?.id ?? 0, isOverflow: true };
  }
}

function ownersOf<Names>(
  refused: readonly (readonly [string, Names])[],
  ownerOf: (names: Names) => string | number,
): Map<string | number, string[]> {
  const owners = new Map<string | number, string[]>();
  for (const [key, names] of refused)
    owners.set(ownerOf(names), [...(owners.get(ownerOf(names)) ?? []), key]);
  return owners;
}
