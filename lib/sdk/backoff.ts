/** How a subscriber tries again in process before it gives a message up. */
export interface RetryPolicy {
  /** Tries in all, 1 or more. */
  attempts: number;
  firstMs: number;
  factor: number;
  mostMs: number;
  /** Part of the wait that is random, 0 to 1, so that many instances do not come back at once. */
  jitter: number;
  /** Errors for which it returns false are given up at once. */
  when: (error: unknown) => boolean;
}

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 4,
  firstMs: 1_000,
  factor: 3,
  mostMs: 60_000,
  jitter: 0.2,
  when: () => true,
};

/** Milliseconds to wait after the given try (1 first) failed. */
export function waitAfter(policy: RetryPolicy, attempt: number, random: () => number = Math.random): number {
  const whole = Math.min(policy.firstMs * policy.factor ** (attempt - 1), policy.mostMs);
  return Math.round(whole * (1 - policy.jitter * random()));
}
