import { describe, expect, it } from 'vitest';
import { outcomeOf } from '@/lib/domain/messages/status';
import type { Fact } from '@/lib/protocol/fact';
import type { StoredDelivery } from '@/lib/store/messages/read-deliveries';
import type { StoredMessage } from '@/lib/store/messages/read-message';
import { makeFact, newId } from '@/lib/testing/facts';
import { storyOf, type StoryParts } from './story';

const id = newId();
const at = new Date('2026-11-21T14:00:00Z');

function parts({
  facts,
  message: changed = {},
  ...more
}: Partial<Omit<StoryParts, 'message' | 'facts'>> & {
  facts: Fact[];
  message?: Partial<StoredMessage>;
}): StoryParts {
  const message: StoredMessage = {
    id,
    topic: 'orders',
    topicId: 1,
    type: 'OrderPaid',
    version: null,
    service: 'shop',
    kind: null,
    key: null,
    size: 12,
    sentAt: at,
    committedAt: at,
    sendFailedAt: null,
    sendFailures: 0,
    sendErrorType: null,
    sendErrorMessage: null,
    copies: 1,
    status: 'HANDLED',
    firstAt: at,
    receivedAt: at,
    traceId: null,
    place: null,
    indexed: null,
    ...changed,
  };
  return {
    at,
    actor: { id: null, name: 'someone', role: 'administrator' },
    message,
    deliveries: [],
    positions: [],
    items: [],
    sends: [],
    readers: [],
    silent: [],
    ...more,
    facts: facts.map((fact) => ({ fact, source: 'collector', receivedAt: at })),
  };
}

function delivery(group: string, changed: Partial<StoredDelivery> = {}): StoredDelivery {
  return {
    messageId: id,
    groupId: 1,
    group,
    outcome: outcomeOf({ kind: 'handled', generation: 0 }),
    status: 'HANDLED',
    attempts: 1,
    handledCount: 0,
    firstAt: at,
    lastAt: at,
    attempt: 1,
    durationMs: null,
    host: null,
    release: null,
    nextTryAt: null,
    gaveUp: false,
    gaveUpTo: null,
    errorAt: null,
    errorType: null,
    errorMessage: null,
    overdueAt: null,
    ...changed,
  };
}

describe('the story of a message', () => {
  it('tells that a handler chose to skip it, also where the sender heard later that it was stored', () => {
    const facts = [
      makeFact('skipped', id, 1, { group: 'audit', attempt: 1 }),
      makeFact('committed', id, 2),
      makeFact('expected', id, 2, { group: 'audit' }),
    ];
    const [first] = storyOf(parts({ facts, deliveries: [delivery('audit')] })).where;
    expect(first).toMatchObject({ kind: 'handled', groups: [{ group: 'audit', skipped: true }] });
  });

  const failed: Partial<StoredDelivery> = {
    status: 'HANDLE_FAIL',
    outcome: outcomeOf({ kind: 'handle_failed', generation: 0 }),
    attempts: 3,
    errorAt: at,
    errorType: 'Timeout',
    errorMessage: 'the bank did not answer',
  };

  it('tells what comes next of a failing delivery, and who may retry it', () => {
    const again = new Date('2026-11-21T14:00:30Z');
    const next = storyOf(
      parts({ facts: [], deliveries: [delivery('billing', { ...failed, nextTryAt: again })] }),
    );
    expect(next.detail).toEqual({ kind: 'next_try', at: again.toISOString() });
    expect(next.where[0]).toMatchObject({
      kind: 'failing',
      group: 'billing',
      error: { type: 'Timeout', message: 'the bank did not answer' },
      next: { kind: 'next_try', at: again.toISOString() },
    });
    const gaveUp = { ...failed, gaveUp: true, gaveUpTo: 'courier.dlq.billing/0/7' };
    const story = storyOf(parts({ facts: [], deliveries: [delivery('billing', gaveUp)] }));
    expect(story.detail).toEqual({ kind: 'gave_up', to: 'courier.dlq.billing' });
    expect(story.can.retry).toMatchObject({ allowed: true, groups: ['billing'] });
    expect(
      storyOf({
        ...parts({ facts: [], deliveries: [delivery('billing', gaveUp)] }),
        actor: { id: null, name: 'nobody', role: 'anonymous' },
      }).can.retry,
    ).toMatchObject({ allowed: false, why: 'not_permitted' });
  });

  it('shows the worst of several deliveries, and each with its own detail', () => {
    const overdue = delivery('shipping', { status: 'COMMITTED', outcome: 0, attempts: 0, overdueAt: at });
    const story = storyOf(
      parts({
        facts: [],
        message: { status: 'HANDLE_FAIL' },
        deliveries: [delivery('audit'), overdue, delivery('billing', failed)],
      }),
    );
    expect(story.where.map(({ kind }) => kind)).toEqual(['failing', 'overdue', 'handled', 'sent']);
    expect(story.deliveries.map(({ detail }) => detail)).toEqual([
      null,
      { kind: 'overdue', since: at.toISOString() },
      null,
    ]);
  });

  it('tells how far a group that reports nothing is from the message, by the copy that is furthest behind', () => {
    const position = (partition: number, offset: string) => `orders/${partition}/${offset}`;
    const reader = (partition: number, committed: bigint) => ({
      group: 'legacy',
      topic: 'orders',
      partition,
      committed,
      members: 1,
      noMembersSince: null,
      rateOut: 5,
      reports: false,
      subscribedSince: null,
      types: null,
    });
    const waiting = storyOf(
      parts({
        facts: [],
        message: { status: 'COMMITTED' },
        positions: [position(0, '40'), position(1, '7')],
        readers: [reader(0, 41n), reader(1, 2n)],
      }),
    );
    expect(waiting.where[0]).toMatchObject({ kind: 'waiting', group: 'legacy', ahead: 5, seconds: 1 });
    const past = storyOf(
      parts({
        facts: [],
        positions: [position(0, '40')],
        readers: [reader(0, 41n)],
        message: { status: 'COMMITTED' },
      }),
    );
    expect(past.where.map(({ kind }) => kind)).toContain('read_past');
  });

  it('says that a send failed, and that the record may be stored all the same', () => {
    const story = storyOf(
      parts({
        facts: [makeFact('send_failed', id, 1, { mayBeStored: true, held: true })],
        message: {
          status: 'SEND_FAIL',
          committedAt: null,
          sendFailedAt: at,
          sendFailures: 1,
          sendErrorType: 'Timeout',
          sendErrorMessage: 'no answer',
        },
      }),
    );
    expect(story.where[0]).toMatchObject({ kind: 'not_sent', held: true, perhapsOn: 'orders' });
  });

  it('has a dead letter on a topic of another name as one, and its own place first', () => {
    const deadLetter = { topic: 'a.orders-dlt', partition: 0, offset: '0' };
    const facts = [makeFact('handle_failed', id, 1, { group: 'billing', gaveUp: { to: deadLetter } })];
    const story = storyOf(parts({ facts, positions: ['a.orders-dlt/0/0', 'b.copy/1/1', 'orders/3/7695'] }));
    expect(story.positions).toEqual([
      { text: 'orders/3/7695', role: 'message' },
      { text: 'b.copy/1/1', role: 'message' },
      { text: 'a.orders-dlt/0/0', role: 'dead_letter' },
    ]);
    expect(JSON.stringify(story.where)).not.toContain('orders-dlt');
    const cut = parts({
      facts: [],
      deliveries: [delivery('billing', { ...failed, gaveUp: true, gaveUpTo: 'a.orders-dlt/0/0' })],
      positions: ['a.orders-dlt/0/0', 'orders/3/7695'],
    });
    expect(storyOf(cut).positions.map(({ text }) => text)).toEqual(['orders/3/7695', 'a.orders-dlt/0/0']);
  });

  it('has positions by their role, the message own topic first', () => {
    const values = ['courier.dlq.billing/0/7', 'courier.retry.billing/1/3', 'orders/2/9'];
    expect(storyOf(parts({ facts: [], positions: values })).positions).toEqual([
      { text: 'orders/2/9', role: 'message' },
      { text: 'courier.retry.billing/1/3', role: 'retry' },
      { text: 'courier.dlq.billing/0/7', role: 'dead_letter' },
    ]);
  });

  it('takes a record that a retry sent for that retry, also where the service names no generation', () => {
    const handled = (number: number, offset: string) =>
      makeFact('handled', id, number, {
        group: 'billing',
        position: { topic: 'orders', partition: 0, offset },
      });
    const item = {
      generation: 1,
      groupId: 1,
      targetTopic: 'orders',
      sentPartition: 0,
      sentOffset: '9',
      state: 'HANDLED',
      createdAt: at,
    } as StoryParts['items'][number];
    const causeOf = (items: StoryParts['items']) =>
      storyOf(
        parts({
          facts: [handled(1, '5'), handled(2, '9')],
          deliveries: [delivery('billing', { handledCount: 2 })],
          items,
        }),
      ).where.flatMap((row) => (row.kind === 'handled_twice' ? [row.cause] : []));
    expect(causeOf([item])).toEqual(['retry']);
    expect(causeOf([])).toEqual(['copies']);
  });
});
