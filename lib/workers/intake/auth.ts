import type { IncomingMessage } from 'node:http';
import { CourierError } from '@/lib/errors';
import type { Actor, Context } from '@/lib/context/context';
import { findServiceToken } from '@/lib/operations/tokens/find';

const TOKEN_AGE_MS = 10_000;
const MAX_KNOWN_TOKENS = 1_000;
/** Maximum concurrent lookups of tokens never seen before: strangers must not take the store from known services. */
const MAX_LOOKUPS = 64;

/** Maps bearer tokens to services; queries the store at most every ten seconds for each token. */
export class Tokens {
  private readonly known = new Map<string, { actor: Actor; at: number }>();
  private readonly lookups = new Map<string, Promise<Actor>>();

  constructor(private readonly context: Context) {}

  /** The service that a request comes from. @throws CourierError wrong_token, too_many_requests */
  async authenticate(request: IncomingMessage): Promise<{ actor: Actor; token: string }> {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (!token)
      throw new CourierError(
        'wrong_token',
        'The header Authorization: Bearer <token> is missing. `npm run courier -- token <service>` makes a token.',
      );
    const known = this.known.get(token);
    if (known && performance.now() - known.at < TOKEN_AGE_MS) return { actor: known.actor, token };
    const underWay = this.lookups.get(token);
    if (underWay) return { actor: await underWay, token };
    if (!known && this.lookups.size >= MAX_LOOKUPS)
      throw new CourierError(
        'too_many_requests',
        `${MAX_LOOKUPS} tokens are being looked up. Send again in a second.`,
      );
    const lookup = this.lookUp(token).finally(() => this.lookups.delete(token));
    this.lookups.set(token, lookup);
    return { actor: await lookup, token };
  }

  private async lookUp(token: string): Promise<Actor> {
    const service = await findServiceToken(this.context, token);
    if (service === null) {
      this.known.delete(token);
      throw new CourierError(
        'wrong_token',
        'The token is not known or was revoked. `npm run courier -- token <service>` makes one.',
      );
    }
    const actor: Actor = { id: null, name: service.name, role: 'service', service };
    if (this.known.size >= MAX_KNOWN_TOKENS) this.known.clear();
    this.known.set(token, { actor, at: performance.now() });
    return actor;
  }
}
