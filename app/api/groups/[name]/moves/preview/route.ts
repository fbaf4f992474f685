import { route } from '@/lib/http/route';
import { previewMove } from '@/lib/operations/groups/preview-move';

export const POST = route('POST /api/groups/{name}/moves/preview', { operation: previewMove });
