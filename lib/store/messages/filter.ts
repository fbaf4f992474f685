import type { ColumnFilter } from '@/lib/contract/message-filter';
import type { Status } from '@/lib/domain/messages/status';

/** Before and beyond every id. */
export const FIRST_ID = '00000000-0000-0000-0000-000000000000';
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

export interface MessageFilter {
  clusterId: number;
  statuses: Status[];
  topicId: number | null;
  /** Topics that the caller is limited to; null: all. */
  topicIds: number[] | null;
  /** With a group, status and error mean those of that group's delivery. */
  groupId: number | null;
  /** Values of columns of the message; `NONE` where the table of fields allows it means that there is none. */
  columns: Partial<Record<ColumnFilter, string>>;
  /** Type of the last error of a delivery; `NONE` means that there is none. */
  error: string | null;
  /** Only these. */
  ids: string[] | null;
  /** Only messages of these shapes; null: all. */
  shapeIds: number[] | null;
  /** There are more ids than `ids` has. */
  areIdsCut: boolean;
  /** Smallest id that is asked for, and the first that is not. */
  from: string | null;
  to: string | null;
}
