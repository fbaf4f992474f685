import { z } from 'zod';
import { csvLine } from '@/lib/domain/csv';
import type { MessageListRow } from '@/lib/domain/views';
import { listMessages } from '@/lib/store/messages/list';
import { defineOperation, type Call } from '../operation';
import { filterOf, messageFilter } from './filter';
import { rowsWithDeliveries } from './list-rows';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const PAGE = 500;
/** An export ends here and says so in its last line. */
const MOST_ROWS = 100_000;

const COLUMNS = [
  'id',
  'time',
  'status',
  'type',
  'key',
  'topic',
  'service',
  'groups_handled',
  'groups',
  'failing_group',
  'error_type',
  'error_message',
  'attempts',
];

/** The messages of a filter as text, newest first, made page by page while it is read. */
export const exportMessages = defineOperation({
  name: 'messages.export',
  permission: 'messages.read',
  input: z.strictObject({ ...messageFilter, format: z.enum(['csv', 'ndjson']) }),
  scope: ({ topic, group }) => ({ ...(topic ? { topic } : {}), ...(group ? { group } : {}) }),
  audit: null,
  async run(call, { format, ...input }) {
    const filter = await filterOf(call, input);
    return { format, lines: lines(call, format, filter, input.group ?? null) };
  },
});

async function* lines(
  call: Call,
  format: 'csv' | 'ndjson',
  filter: Awaited<ReturnType<typeof filterOf>>,
  group: string | null,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(COLUMNS);
  let before = LAST_ID;
  let written = 0;
  while (written < MOST_ROWS) {
    const messages = await listMessages(call.store, call.partitions, filter, before, PAGE);
    const rows = await rowsWithDeliveries(call, messages, group);
    const write = format === 'csv' ? csvOf : ndjsonOf;
    if (rows.length > 0) yield rows.map(write).join('');
    written += rows.length;
    const last = messages.at(-1);
    if (!last || messages.length < PAGE) return;
    before = last.id;
  }
  const words = `cut after ${MOST_ROWS} rows; narrow the filter for the rest`;
  yield format === 'csv' ? csvLine([words]) : `${JSON.stringify({ cut: words })}\n`;
}

function csvOf(row: MessageListRow): string {
  const error = row.error && !row.error.past ? row.error : null;
  return csvLine([
    row.id,
    row.at,
    row.status,
    row.type,
    row.key,
    row.topic,
    row.service,
    row.groups.handled,
    row.groups.total,
    error?.group,
    error?.type,
    error?.message,
    row.attempts,
  ]);
}

function ndjsonOf(row: MessageListRow): string {
  return `${JSON.stringify(row)}\n`;
}
