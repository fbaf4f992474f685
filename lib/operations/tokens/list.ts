import { z } from 'zod';
import type { TokenView } from '@/lib/domain/settings-views';
import { listTokens } from '@/lib/store/tokens';
import { defineOperation } from '../operation';

/** Tokens of services, by name. */
export const listServiceTokens = defineOperation({
  name: 'tokens.list',
  permission: 'tokens.manage',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run(call): Promise<{ tokens: TokenView[] }> {
    const tokens = await listTokens(call.store);
    return {
      tokens: tokens.map((token) => ({
        name: token.name,
        scope: token.scope,
        createdAt: token.createdAt.toISOString(),
        revokedAt: token.revokedAt?.toISOString() ?? null,
      })),
    };
  },
});
