import { describe, expect, it } from 'vitest';
import type { Content, Episode } from './episode';
import { byWeight, countsOf, isSmall, storiesOf } from './happened';

const MINUTE = 60_000;
function episode(id: string, content: Content, more: Partial<Episode> = {}): Episode {
  return {
    id,
    ...content,
    began: MINUTE,
    beganEarliest: MINUTE,
    ended: 10 * MINUTE,
    endedEarliest: 10 * MINUTE,
    missingSince: null,
    times: 1,
    causedBy: null,
    causedByRule: null,
    root: id,
    endReason: 'recovered',
    endedBy: null,
    ...more,
  } as Episode;
}
const noMembers = (group: string, lag = 1): Content => ({
  kind: 'no_members',
  subject: { group },
  figures: { waiting: lag, peakLag: lag, topics: [], last: null },
});
const trouble = (group: string, verdict: 'stuck' | 'falling_behind', lag = 1): Content => ({
  kind: 'group_trouble',
  subject: { group, verdict },
  figures: { lag, peakLag: lag, peakDelaySeconds: null, partitions: 1, worst: [] },
});
const loss: Content = {
  kind: 'data_loss',
  subject: { group: 'a', topic: 'orders', partition: 0 },
  figures: { records: 2, from: '1', to: '3', isCertain: true },
};
const release: Content = {
  kind: 'release',
  subject: { service: 's', release: '2', host: 'h' },
  figures: { groups: ['a'] },
};

describe('stories', () => {
  it('are named by a loss before all else, and by their root else; open as long as one of them is', () => {
    const [story] = storiesOf([
      episode('root', noMembers('a')),
      episode('late', trouble('a', 'falling_behind'), { root: 'root', began: 2 * MINUTE, ended: null }),
      episode('lost', loss, { root: 'root', began: 5 * MINUTE }),
    ]);
    expect(story).toMatchObject({ named: { id: 'lost' }, root: { id: 'root' }, began: MINUTE, ended: null });
    expect(story?.folded.map(({ id }) => id)).toEqual(['root', 'late']);
    const [other] = storiesOf([
      episode('root', noMembers('a')),
      episode('late', trouble('a', 'falling_behind'), { root: 'root' }),
    ]);
    expect(other?.named.id).toBe('root');
  });

  it('of a release are named by the worst of its troubles, and a release without one is none', () => {
    const stories = storiesOf([
      episode('release', release),
      episode('absent', noMembers('a'), { root: 'release', began: 2 * MINUTE }),
      episode('late', trouble('a', 'falling_behind'), { root: 'release', began: 3 * MINUTE }),
      episode('alone', release),
    ]);
    expect(stories).toHaveLength(1);
    expect(stories[0]).toMatchObject({ named: { id: 'late' }, root: { id: 'release' }, began: 2 * MINUTE });
  });

  it('whose root is not to be seen are told by the first that is', () => {
    const [story] = storiesOf([episode('late', trouble('a', 'stuck'), { root: 'hidden' })]);
    expect(story).toMatchObject({ root: { id: 'late' }, named: { id: 'late' } });
  });

  it('come worst first: lost, open, worse, larger, newer', () => {
    const order = storiesOf([
      episode('small', trouble('a', 'falling_behind', 5)),
      episode('large', trouble('b', 'falling_behind', 50)),
      episode('stuck', trouble('c', 'stuck')),
      episode('open', noMembers('d'), { ended: null }),
      episode('lost', loss),
    ])
      .sort(byWeight)
      .map(({ named }) => named.id);
    expect(order).toEqual(['lost', 'open', 'stuck', 'large', 'small']);
  });

  it('add up: all of them are open, over by themselves, or ended by people', () => {
    const stories = storiesOf([
      episode('open', noMembers('a'), { ended: null }),
      episode('itself', noMembers('b')),
      episode('person', noMembers('c'), { endReason: 'person', endedBy: 'mei' }),
      episode('gone', noMembers('d'), { endReason: 'gone' }),
    ]);
    expect(countsOf(stories)).toEqual({ all: 4, open: 1, byThemselves: 2, byPeople: 1 });
  });

  it('of a minute at most are small, unless a person, another trouble or a loss is in them', () => {
    const short = { ended: 2 * MINUTE };
    const small = (list: Episode[]) => storiesOf(list).map((story) => isSmall(story, 10_000));
    expect(small([episode('a', noMembers('a'), short)])).toEqual([true]);
    expect(small([episode('a', noMembers('a'))])).toEqual([false]);
    // Where measurements are more frequent, a shorter time is known as well.
    expect(storiesOf([episode('a', noMembers('a'), short)]).map((story) => isSmall(story, 3_000))).toEqual([
      false,
    ]);
    expect(small([episode('a', noMembers('a'), { ended: null })])).toEqual([false]);
    expect(small([episode('a', noMembers('a'), { ...short, endedBy: 'mei' })])).toEqual([false]);
    expect(small([episode('a', loss, short)])).toEqual([false]);
    expect(
      small([
        episode('a', noMembers('a'), short),
        episode('b', trouble('a', 'stuck'), { ...short, root: 'a' }),
      ]),
    ).toEqual([false]);
  });
});
