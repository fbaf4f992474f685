import { NONE } from '@/lib/contract/paths';
import type { Queryable } from '@/lib/postgres';
import type { MessageFilter } from './filter';

const SHAPE_FILTERS = ['type', 'service', 'kind'] as const;

/** What a filter by names of messages means for the numbers of their shapes. */
export interface ShapeFilter {
  /** Shapes of the names; null where no name is asked for. */
  ids: number[] | null;
  /** Shapes of the filter's topics too, for counts; null: all. */
  counted: number[] | null;
  /** Shapes of many names: their messages are compared by their own names. */
  overflow: number[];
  names: Partial<Record<(typeof SHAPE_FILTERS)[number], string>>;
}

const NO_SHAPE: ShapeFilter = { ids: null, counted: null, overflow: [], names: {} };

/** Reads the shapes that a filter lets through. */
export async function readShapes(store: Queryable, filter: MessageFilter): Promise<ShapeFilter> {
  const names: ShapeFilter['names'] = {};
  for (const name of SHAPE_FILTERS) {
    const value = filter.columns[name];
    if (value !== undefined) names[name] = value === NONE && name === 'type' ? '' : value;
  }
  const { shapeIds } = filter;
  const isNamed = Object.keys(names).length > 0 || shapeIds !== null;
  if (!isNamed && filter.topicId === null && filter.topicIds === null) return NO_SHAPE;
  const { rows } = await store.query<{ id: number; is_overflow: boolean; fits: boolean }>({
    name: 'shapes-of',
    text: `SELECT id, is_overflow, ($4::text IS NULL OR type = $4) AND ($5::text IS NULL OR service = $5)
             AND ($6::text IS NULL OR kind = $6) AND ($7::int[] IS NULL OR id = ANY($7)) AS fits
           FROM shape WHERE cluster_id = $1 AND ($2::int IS NULL OR topic_id = $2) AND ($3::int[] IS NULL OR topic_id = ANY($3))`,
    values: [
      filter.clusterId,
      filter.topicId,
      filter.topicIds,
      names.type ?? null,
      names.service ?? null,
      names.kind ?? null,
      shapeIds,
    ],
  });
  // A shape that is asked for by its number is one like any other.
  const overflow = rows.filter((row) => row.is_overflow && shapeIds === null).map((row) => row.id);
  const fitting = rows
    .filter((row) => row.fits && (!row.is_overflow || shapeIds !== null))
    .map((row) => row.id);
  return {
    ids: isNamed ? fitting : null,
    // Without a name, an overflow is counted like any shape of its topic.
    counted: isNamed ? fitting : [...fitting, ...overflow],
    overflow: isNamed ? overflow : [],
    names,
  };
}
