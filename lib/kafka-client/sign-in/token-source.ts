import { endOfToken } from './token';

/** A token, and when it ends; null: not known. */
export interface Token {
  value: string;
  endsAt: number | null;
}

/** A token is renewed when this part of its life is over, or this much of it is left. */
const RENEW_AT = 0.8;
const MIN_LEFT_MS = 5_000;
/** For tokens without an end in their claims. */
const ASSUMED_LIFE_MS = 300_000;

/**
 * Keeps one token for all connections, and asks for the next before it ends, once at a time. While no new one is to be
 * had, the old one is used to its end.
 */
export class TokenSource {
  private held: (Token & { from: number }) | null = null;
  private asking: Promise<Token> | null = null;

  /** @param request asks for a new token */
  constructor(private readonly request: () => Promise<string>) {}

  /** @throws KafkaConnectError where there is no token that is still valid and none to be had */
  async get(now = Date.now()): Promise<string> {
    const { held } = this;
    if (held && now < this.renewalOf(held)) return held.value;
    try {
      return (await this.renew()).value;
    } catch (error) {
      if (held && now < this.endOf(held)) return held.value;
      throw error;
    }
  }

  private renew(): Promise<Token> {
    this.asking ??= this.request()
      .then((value) => (this.held = { value, endsAt: endOfToken(value), from: Date.now() }))
      .finally(() => (this.asking = null));
    return this.asking;
  }

  private endOf(token: Token & { from: number }): number {
    return token.endsAt ?? token.from + ASSUMED_LIFE_MS;
  }

  private renewalOf(token: Token & { from: number }): number {
    const end = this.endOf(token);
    const life = end - token.from;
    return Math.min(token.from + life * RENEW_AT, end - Math.min(MIN_LEFT_MS, life / 2));
  }
}
