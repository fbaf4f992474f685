import { describe, expect, it } from 'vitest';
import { courierTopics, INTERNAL_TOPIC, isKafkaTopic, roleOfTopic } from './topics';

describe('the role of a topic', () => {
  it.each([
    ['courier.facts', 'facts'],
    ['courier.scheduled', 'internal'],
    ['courier.retry.payment', 'retry'],
    ['courier.dlq.payment', 'dead_letter'],
    ['__consumer_offsets', 'internal'],
    ['__transaction_state', 'internal'],
    // Of a firm, whatever the beginning is.
    ['courier.orders', 'message'],
    ['courier.facts2', 'message'],
    ['courier.retry.', 'message'],
    ['courierXfacts', 'message'],
    ['__debezium-heartbeat.shop', 'message'],
    ['__consumer_offsets_copy', 'message'],
    ['orders', 'message'],
  ] as const)('%s is %s', (topic, role) => {
    expect(roleOfTopic(topic)).toBe(role);
    expect(new RegExp(INTERNAL_TOPIC).test(topic)).toBe(role !== 'message');
  });

  it('follows the prefix', () => {
    const names = courierTopics('shop-1.');
    expect(names.roleOf(names.retryOf('payment'))).toBe('retry');
    expect(names.retryOf('payment')).toBe('shop-1.retry.payment');
    expect(names.roleOf('courier.facts')).toBe('message');
    expect(names.roleOf('shop-1.facts')).toBe('facts');
    expect(names.roleOf('shop-1xfacts')).toBe('message');
  });

  it('tells topics that Kafka made', () => {
    expect(isKafkaTopic('__share_group_state')).toBe(true);
    expect(isKafkaTopic('__debezium-heartbeat.shop')).toBe(false);
  });
});
