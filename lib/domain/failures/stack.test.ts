import { describe, expect, it } from 'vitest';
import { commonFrames, framesOf, ownFrame, shortPlaces } from './stack';

const JAVASCRIPT = `RangeError: balance 12.40 < 99.00
    at BalanceGuard.check (/srv/app/src/balance.ts:88:11)
    at async charge (file:///srv/app/src/charge.ts:12:3)
    at /srv/app/src/anonymous.ts:3:1
    at Subscriber.run (/srv/app/node_modules/courier/subscriber.js:10:2)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`;

describe('framesOf', () => {
  it('reads JavaScript and tells own code from libraries', () => {
    expect(framesOf(JAVASCRIPT)).toEqual([
      { what: 'BalanceGuard.check', where: '/srv/app/src/balance.ts:88', own: true },
      { what: 'charge', where: '/srv/app/src/charge.ts:12', own: true },
      { what: '/srv/app/src/anonymous.ts:3', where: null, own: true },
      { what: 'Subscriber.run', where: '/srv/app/node_modules/courier/subscriber.js:10', own: false },
      {
        what: 'process.processTicksAndRejections',
        where: 'node:internal/process/task_queues:95',
        own: false,
      },
    ]);
  });

  it('reads Java and Python', () => {
    expect(
      framesOf(
        'com.shop.Broke: no\n\tat com.shop.Pay.charge(Pay.java:14)\n\tat java.util.List.of(List.java:1)',
      ),
    ).toEqual([
      { what: 'com.shop.Pay.charge', where: 'Pay.java:14', own: true },
      { what: 'java.util.List.of', where: 'List.java:1', own: false },
    ]);
    expect(
      framesOf(
        'Traceback (most recent call last):\n  File "/srv/app/main.py", line 3, in <module>\n  File "/srv/app/pay.py", line 9, in charge\nValueError: no',
      ).map((item) => item.what),
    ).toEqual(['charge', '<module>']);
  });

  it('takes any text without harm', () => {
    expect(framesOf(`${'at ('.repeat(50_000)}`)).toEqual([]);
    expect(framesOf('')).toEqual([]);
  });
});

describe('ownFrame', () => {
  it('names the innermost frame that is no library, and where it is without folders', () => {
    expect(ownFrame(JAVASCRIPT)).toEqual({ what: 'BalanceGuard.check', where: 'balance.ts:88' });
    const inLibrary = JAVASCRIPT.split('\n').slice(4).join('\n');
    expect(ownFrame(inLibrary)).toBeNull();
    expect(ownFrame(`Error\n    at C:\\app\\pay.ts:3:1`)).toEqual({ what: 'C:\\app\\pay.ts:3', where: null });
    expect(ownFrame('')).toBeNull();
  });
});

describe('shortPlaces', () => {
  const places = (...where: string[]) =>
    shortPlaces(where.map((item) => ({ what: 'f', where: item, own: !item.includes('node_modules') })));

  it('leaves out the folders that all own frames share but the last', () => {
    expect(places('/srv/app/src/a.ts:3', '/srv/app/src/http/b.ts:9', '/srv/app/node_modules/c.js:1')).toEqual(
      ['src/a.ts:3', 'src/http/b.ts:9', '/srv/app/node_modules/c.js:1'],
    );
    expect(places('/srv/app/src/a.ts:3')).toEqual(['src/a.ts:3']);
    expect(places('C:\\app\\a.cs:3', 'C:\\app\\b.cs:4')).toEqual(['app/a.cs:3', 'app/b.cs:4']);
    expect(places('Pay.java:14', 'Card.java:2')).toEqual(['Pay.java:14', 'Card.java:2']);
    expect(places('/a.py:1', 'b.py:2')).toEqual(['/a.py:1', 'b.py:2']);
    expect(shortPlaces([])).toEqual([]);
  });
});

describe('commonFrames', () => {
  it('keeps the frames that all stacks share, from the innermost', () => {
    const other = JAVASCRIPT.replace('charge.ts:12', 'charge.ts:40');
    expect(commonFrames([JAVASCRIPT, other]).map((item) => item.what)).toEqual(['BalanceGuard.check']);
    expect(commonFrames([JAVASCRIPT])).toHaveLength(5);
    expect(commonFrames([])).toEqual([]);
  });
});
