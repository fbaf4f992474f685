import { z } from 'zod';
import type { ServiceView, TokenView } from '@/lib/contract/settings';
import { listServices } from '@/lib/store/services/services';
import { listTokens } from '@/lib/store/services/tokens';
import { defineOperation } from '../operation';

/** Tokens of services, and the services with what they may do, both by name. */
export const listServiceTokens = defineOperation({
  name: 'tokens.list',
  permission: 'tokens.manage',
  input: z.strictObject({}),
  scope: () => ({}),
  audit: null,
  async run({ store }): Promise<{ tokens: TokenView[]; services: ServiceView[] }> {
    const [services, tokens] = await Promise.all([listServices(store), listTokens(store)]);
    return {
      tokens: tokens.map((token) => ({
        id: token.id,
        name: token.name,
        scope: token.scope,
        shared: token.shared,
        createdAt: token.createdAt.toISOString(),
        revokedAt: token.revokedAt?.toISOString() ?? null,
      })),
      services,
    };
  },
});
