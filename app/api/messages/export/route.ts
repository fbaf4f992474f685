import { attachment } from '@/lib/http/attachment';
import { route } from '@/lib/http/route';
import { exportMessages } from '@/lib/operations/messages/export';

export const GET = route('GET /api/messages/export', {
  operation: exportMessages,
  answer: ({ format, lines }) =>
    attachment(lines, `messages.${format}`, format === 'csv' ? 'text/csv' : 'application/x-ndjson'),
});
