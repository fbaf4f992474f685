/** SET clauses by rule; each is the SQL twin of a join in lib/domain/messages/fold.ts. */
export const later = (table: string, names: string[]) =>
  names.map((name) => `${name} = GREATEST(${table}.${name}, excluded.${name})`);
export const earlier = (table: string, names: string[]) =>
  names.map((name) => `${name} = LEAST(${table}.${name}, excluded.${name})`);
export const sum = (table: string, names: string[]) =>
  names.map((name) => `${name} = ${table}.${name} + excluded.${name}`);
export const where = (table: string, wins: string, names: string[]) =>
  names.map((name) => `${name} = CASE WHEN ${wins} THEN excluded.${name} ELSE ${table}.${name} END`);
/** The later fact wins; of two equally late ones the larger id. */
export const newer = (table: string, at: string, fact: string) =>
  `excluded.${at} IS NOT NULL AND (${table}.${at} IS NULL OR (excluded.${at}, excluded.${fact}) > (${table}.${at}, ${table}.${fact}))`;

/** A type that pages list things by. An empty one is none: an address could not name it. */
export const named = (type: string | undefined): string | null => (type === '' ? null : (type ?? null));
