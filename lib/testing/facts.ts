import { newUuidV7 } from '@/lib/protocol/uuid';
import type { Fact, FactKind } from '@/lib/protocol/fact';

/** A UUIDv7 of now, or of the given moment. */
export function newId(milliseconds = Date.now()): string {
  return newUuidV7(milliseconds);
}

const START = Date.UTC(2026, 10, 21, 14, 0, 0);

/** A fact with what every fact has; `seconds` counts from a fixed start, so that times are the same in each run. */
export function makeFact<Kind extends FactKind>(
  kind: Kind,
  messageId: string,
  seconds: number,
  more: Partial<Fact> = {},
): Fact & { kind: Kind } {
  return {
    factId: newId(),
    messageId,
    at: new Date(START + seconds * 1000).toISOString(),
    ...more,
    kind,
  };
}

/** A small generator of the same numbers for the same seed, so that a failing run can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A shuffled copy. */
export function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [copy[at], copy[other]] = [copy[other] as T, copy[at] as T];
  }
  return copy;
}

/** Every order of a few items. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) =>
    permutations([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]),
  );
}

/** The facts of one message with two groups and two generations: the case that the status rule is proved on. */
export function storyOf(messageId: string): Fact[] {
  const position = { topic: 'orders', partition: 2, offset: '51204' };
  const error = (type: string) => ({ type, message: `${type} happened` });
  return [
    makeFact('committed', messageId, 0, {
      position,
      message: { topic: 'orders', type: 'OrderPaid', key: '4711', size: 12 },
    }),
    makeFact('handle_failed', messageId, 1, {
      group: 'payment',
      attempt: 1,
      position,
      error: error('InsufficientFunds'),
      nextTryAt: new Date(START + 5000).toISOString(),
    }),
    makeFact('handle_failed', messageId, 5, {
      group: 'payment',
      attempt: 2,
      position,
      error: error('CardExpired'),
      gaveUp: { to: { topic: 'courier.dlq.payment', partition: 0, offset: '7' } },
    }),
    makeFact('handled', messageId, 60, {
      group: 'payment',
      generation: 1,
      attempt: 1,
      durationMs: 12,
      retryId: 'r1',
      position: { topic: 'courier.retry.payment', partition: 0, offset: '3' },
    }),
    makeFact('push_failed', messageId, 2, { group: 'crm', attempt: 1, error: error('Unreachable') }),
    makeFact('send_failed', messageId, -1, { error: error('ECONNREFUSED'), message: { topic: 'orders' } }),
  ];
}
