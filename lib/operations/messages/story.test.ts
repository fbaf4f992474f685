import { describe, expect, it } from 'vitest';
import { outcomeOf } from '@/lib/domain/messages/status';
import type { Fact } from '@/lib/protocol/fact';
import type { StoredDelivery } from '@/lib/store/messages/read-deliveries';
import type { StoredMessage } from '@/lib/store/messages/read-message';
import { makeFact, newId } from '@/lib/testing/facts';
import { storyOf, type StoryParts } from './story';

const id = newId();
const at = new Date('2026-11-21T14:00:00Z');

function parts(more: Partial<Omit<StoryParts, 'message' | 'facts'>> & { facts: Fact[] }): StoryParts {
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
    lastAt: at,
  };
  return {
    at,
    actor: { id: null, name: 'someone', role: 'administrator' },
    message,
    deliveries: [],
    refs: [],
    items: [],
    sends: [],
    readers: [],
    silent: [],
    ...more,
    facts: more.facts.map((fact) => ({ fact, source: 'collector', receivedAt: at })),
  };
}

function handledBy(group: string): StoredDelivery {
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
  };
}

describe('the story of a message', () => {
  it('tells that a handler chose to skip it, also where the sender heard later that it was stored', () => {
    const facts = [
      makeFact('skipped', id, 1, { group: 'audit', attempt: 1 }),
      makeFact('committed', id, 2),
      makeFact('expected', id, 2, { group: 'audit' }),
    ];
    const [first] = storyOf(parts({ facts, deliveries: [handledBy('audit')] })).where;
    expect(first).toMatchObject({ kind: 'handled', groups: [{ group: 'audit', skipped: true }] });
  });
});
