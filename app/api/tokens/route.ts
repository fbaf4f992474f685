import { route } from '@/lib/http/route';
import { listServiceTokens } from '@/lib/operations/tokens/list';
import { endToken, makeToken } from '@/lib/operations/tokens/manage';

export const GET = route({ operation: listServiceTokens, input: () => ({}) });

export const POST = route({ operation: makeToken, input: (_, body) => body, status: 201 });

export const DELETE = route({ operation: endToken, input: (_, body) => body });
