import { z } from 'zod';
import { csvLine } from '@/lib/values/csv';
import type { MessageListRow } from '@/lib/contract/messages';
import { LAST_ID } from '@/lib/store/messages/filter';
import { defineOperation, type Call } from '../operation';
import { messageFilter, searchText, scopeOf } from './filter';
import { pageOf, type FoundRows } from './find-rows';

const PAGE = 500;
/** Maximum rows of an export; its last line reports the cut. */
const MAX_ROWS = 100_000;

/** Characters of a filter in the audit. */
const MAX_OBJECT = 1_000;

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
  input: z.strictObject({
    ...messageFilter,
    q: searchText.optional(),
    format: z.enum(['csv', 'ndjson']),
  }),
  scope: scopeOf,
  audit: null,
  within: 'narrowed',
  // With the filter, since of one object only the first read of an hour is written.
  readAudit: ({ format, ...filter }) => ({
    object: `messages as ${format}${wordsOf(filter)}`,
    detail: filter,
  }),
  async run(call, { format, ...input }) {
    // The first page is read before the answer starts, so that a wrong filter is answered as an error.
    const first = await pageOf(call, input, LAST_ID, PAGE);
    return { format, lines: lines(call, format, input, first) };
  },
});

/** A filter in words of the audit, such as `, key=order-7`. */
function wordsOf(filter: Record<string, unknown>): string {
  return Object.entries(filter)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0))
    .map(([name, value]) => `, ${name}=${String(value)}`)
    .join('')
    .slice(0, MAX_OBJECT);
}

async function* lines(
  call: Call,
  format: 'csv' | 'ndjson',
  input: Parameters<typeof pageOf>[1],
  first: FoundRows,
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(COLUMNS);
  const write = format === 'csv' ? csvOf : ndjsonOf;
  const cut = (words: string) =>
    format === 'csv' ? csvLine([words]) : `${JSON.stringify({ cut: words })}\n`;
  let written = 0;
  for (let page = first; ; page = await pageOf(call, input, page.next ?? LAST_ID, PAGE)) {
    if (page.rows.length > 0) yield page.rows.map(write).join('');
    written += page.rows.length;
    if (page.next === null) {
      if (page.looked !== null) yield cut(`the newest ${page.looked} were compared with the words, not all`);
      return;
    }
    if (written >= MAX_ROWS) break;
  }
  yield cut(`cut after ${MAX_ROWS} rows; narrow the filter for the rest`);
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
