import { attachment } from '@/lib/http/attachment';
import { listQuery } from '@/lib/http/list-query';
import { route } from '@/lib/http/route';
import { exportMessages } from '@/lib/operations/messages/export';

export const GET = route({
  operation: exportMessages,
  input: ({ url }) => listQuery(url),
  answer: ({ format, lines }) =>
    attachment(lines, `messages.${format}`, format === 'csv' ? 'text/csv' : 'application/x-ndjson'),
});
