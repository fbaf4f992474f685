import { describe, expect, it } from 'vitest';
import { retryTopicOf } from '@/lib/protocol/topics';
import type { Queryable } from '@/lib/postgres';
import type { OwnedGroup } from '@/lib/store/services/owners';
import { GroupOwners } from './group-owners';

type Row = OwnedGroup;
let ids = 0;
const row = (name: string, owner: string, id = (ids += 1)): Row => ({
  id,
  name,
  owner,
  changedAt: new Date(1_000_000 + id),
});

/** A store whose answers come when the test gives them, in the order in which they were asked for. */
function slowStore() {
  const asked: ((rows: Row[]) => void)[] = [];
  const query = () => new Promise((resolve) => asked.push((rows) => resolve({ rows })));
  return { store: { query } as unknown as Queryable, asked };
}

describe('the owners of groups', () => {
  it('are not forgotten when they are learned while an older answer is on its way', async () => {
    const { store, asked } = slowStore();
    const owners = new GroupOwners(store, 1);
    const before = owners.ownerOf('payment');
    owners.learn('payment', 'shop');
    asked[0]?.([]);
    expect(await before).toBe('shop');
    expect(await owners.ownerOf('payment')).toBe('shop');
    expect(await owners.ownerOfTopic('courier.retry.payment')).toBe('shop');
  });

  it('are read anew where an answer was asked for before one of them changed', async () => {
    const { store, asked } = slowStore();
    const owners = new GroupOwners(store, 1);
    const before = owners.ownerOf('payment');
    owners.forget();
    const after = owners.ownerOf('payment');
    asked[0]?.([row('payment', 'old')]);
    expect(await before).toBe('old');
    await expect.poll(() => asked.length).toBe(2);
    asked[1]?.([row('payment', 'new')]);
    expect(await after).toBe('new');
  });

  it('are asked for once by many at a time, and not again while they are fresh', async () => {
    const { store, asked } = slowStore();
    const owners = new GroupOwners(store, 1);
    const many = Array.from({ length: 100 }, (_, number) => owners.ownerOf(`group-${number}`));
    asked[0]?.([row('group-7', 'shop')]);
    expect((await Promise.all(many)).filter(Boolean)).toEqual(['shop']);
    await owners.ownerOf('group-8');
    expect(asked).toHaveLength(1);
  });

  it('leave a topic that two groups can have to the group that was known first, in whatever order they are read', async () => {
    const topic = retryTopicOf('a/b');
    const other = topic.replace('courier.retry.', '');
    expect(retryTopicOf(other)).toBe(topic);
    const { store, asked } = slowStore();
    const owners = new GroupOwners(store, 1);
    const before = owners.groupOfTopic(topic);
    asked[0]?.([row(other, 'late', 20)]);
    expect(await before).toMatchObject({ group: other, owner: 'late' });
    owners.forget();
    const after = owners.groupOfTopic(topic);
    asked[1]?.([row('a/b', 'early', 10), row(other, 'late', 20)]);
    expect(await after).toMatchObject({ group: 'a/b', owner: 'early' });
  });

  it('end the question when the store does', async () => {
    const owners = new GroupOwners({ query: () => Promise.reject(new Error('away')) }, 1);
    await expect(owners.ownerOf('payment')).rejects.toThrow('away');
  });
});
