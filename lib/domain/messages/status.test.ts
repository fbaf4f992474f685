import { describe, expect, it } from 'vitest';
import { makeFact, newId, permutations, storyOf } from '@/lib/testing/facts';
import { foldFacts, textOfPosition } from './fold';
import { generationOfOutcome, outcomeOf, statusOfMessage, statusOfOutcome } from './status';

function summary(facts: Parameters<typeof foldFacts>[0]) {
  const fold = foldFacts(facts);
  const [message] = fold.messages.values();
  if (!message) throw new Error('no message');
  const deliveries = [...fold.deliveries.values()].sort((a, b) => (a.group < b.group ? -1 : 1));
  const status = statusOfMessage(
    message.committedAt !== null,
    message.sendFailures > 0,
    deliveries.map((delivery) => statusOfOutcome(delivery.outcome)),
  );
  const positions = (fold.positions.get(message.id) ?? []).map(textOfPosition).sort();
  return { status, message, deliveries, positions };
}

describe('status', () => {
  it('comes out the same for every order of the facts of two groups and two generations', () => {
    const story = storyOf(newId());
    const [first, ...rest] = permutations(story).map(summary);
    expect(first?.status).toBe('PUSH_FAIL');
    expect(
      first?.deliveries.map((delivery) => [
        delivery.group,
        statusOfOutcome(delivery.outcome),
        delivery.attempts,
      ]),
    ).toEqual([
      ['crm', 'PUSH_FAIL', 1],
      ['payment', 'HANDLED', 3],
    ]);
    expect(first?.deliveries[1]).toMatchObject({
      error: { value: { type: 'CardExpired' } },
      detail: { durationMs: 12 },
    });
    expect(first?.positions).toEqual([
      'courier.dlq.payment/0/7',
      'courier.retry.payment/0/3',
      'orders/2/51204',
    ]);
    for (const other of rest) expect(other).toEqual(first);
  });

  it('lets a later generation win over a better rank of an earlier one', () => {
    const handled = outcomeOf({ kind: 'handled', generation: 0 });
    const failedAgain = outcomeOf({ kind: 'handle_failed', generation: 1 });
    expect(failedAgain).toBeGreaterThan(handled);
    expect(statusOfOutcome(failedAgain)).toBe('HANDLE_FAIL');
    expect(generationOfOutcome(failedAgain)).toBe(1);
  });

  it('is SEND_FAIL only while nothing proves a commit', () => {
    const id = newId();
    const failed = makeFact('send_failed', id, 0, { message: { topic: 'orders' } });
    expect(summary([failed]).status).toBe('SEND_FAIL');
    expect(summary([failed, makeFact('committed', id, 1)]).status).toBe('COMMITTED');
    const position = { topic: 'orders', partition: 0, offset: '1' };
    expect(summary([failed, makeFact('handled', id, 1, { group: 'a', position })]).status).toBe('HANDLED');
  });

  it('shows the worst delivery', () => {
    expect(statusOfMessage(true, false, ['HANDLED', 'COMMITTED'])).toBe('COMMITTED');
    expect(statusOfMessage(true, false, ['PUSH_FAIL', 'HANDLE_FAIL', 'HANDLED'])).toBe('HANDLE_FAIL');
    expect(statusOfMessage(true, false, [])).toBe('COMMITTED');
  });
});
