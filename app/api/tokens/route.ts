import { route } from '@/lib/http/route';
import { listServiceTokens } from '@/lib/operations/tokens/list';
import { endToken, makeToken } from '@/lib/operations/tokens/manage';

export const GET = route('GET /api/tokens', { operation: listServiceTokens });

export const POST = route('POST /api/tokens', { operation: makeToken, status: 201 });

export const DELETE = route('DELETE /api/tokens', { operation: endToken });
