import { route } from '@/lib/http/route';
import { previewMany } from '@/lib/operations/retries/preview-many';

/** POST because a selection may be too long for an address; it changes nothing. */
export const POST = route({ operation: previewMany, input: (_, body) => body });
