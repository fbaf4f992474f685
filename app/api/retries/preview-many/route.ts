import { route } from '@/lib/http/route';
import { previewMany } from '@/lib/operations/retries/preview-many';

export const POST = route('POST /api/retries/preview-many', { operation: previewMany });
