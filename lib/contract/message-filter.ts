import type { MessageKind } from '@/lib/protocol/fact';
import type { Status } from '@/lib/domain/messages/status';

interface FilterField {
  /** How values are written: as names, as any text, as ISO 8601, or from a fixed set. */
  form: 'statuses' | 'kind' | 'name' | 'text' | 'time';
  /** Which list of an answer's `names` has its values; absent: they are typed. */
  names?: 'topics' | 'groups' | 'readers' | 'types' | 'services';
  /** Whether the store compares the column of that name. */
  isColumn?: true;
  /** Whether `~` matches messages that have none. */
  hasNone?: true;
}

/**
 * What a list of messages may be narrowed by: the one table from which the address of the page, its chips, the check of
 * the input and the query of the store derive. Group, status and error always mean the same delivery.
 */
export const MESSAGE_FILTER = {
  status: { form: 'statuses' },
  topic: { form: 'name', names: 'topics' },
  group: { form: 'name', names: 'groups' },
  type: { form: 'name', names: 'types', isColumn: true, hasNone: true },
  service: { form: 'name', names: 'services', isColumn: true },
  kind: { form: 'kind', isColumn: true },
  key: { form: 'text', isColumn: true },
  error: { form: 'name', hasNone: true },
  /** A group whose position is not behind the message, whether or not its services report anything. */
  unread: { form: 'name', names: 'readers' },
  /** By when the message was made: from this time on, and before that one. */
  from: { form: 'time' },
  to: { form: 'time' },
} as const satisfies Record<string, FilterField>;

export type FilterName = keyof typeof MESSAGE_FILTER;
export const FILTER_NAMES = Object.keys(MESSAGE_FILTER) as FilterName[];

type NamesWhere<Condition> = {
  [Name in FilterName]: (typeof MESSAGE_FILTER)[Name] extends Condition ? Name : never;
}[FilterName];

/** Fields whose values are listed in an answer's `names`. */
export type ListedFilter = NamesWhere<{ names: string }>;
/** Fields that are compared with a column of the message. */
export type ColumnFilter = NamesWhere<{ isColumn: true }>;

export const COLUMN_FILTERS = FILTER_NAMES.filter(
  (name): name is ColumnFilter => 'isColumn' in MESSAGE_FILTER[name],
);

/** The value of a field in a request. */
type FilterValue<Name extends FilterName> = Name extends 'status'
  ? Status[]
  : Name extends 'kind'
    ? MessageKind
    : string;

/** A filter as a request has it, with words of a search beside it. */
export type MessageQuery = { [Name in FilterName]?: FilterValue<Name> } & { q?: string };
