import { expect, it } from 'vitest';
import { progressOf } from './reading';
import type { HeartbeatDetail, SeenState, WorkerName } from './worker';

const worker = (name: WorkerName, detail: HeartbeatDetail, state: SeenState = 'running') => ({
  worker: name,
  state,
  detail,
});
const read = { unread: 0, perSecond: 0, delayMs: 0 };

it('is as late as the latest, and lasts as long as the slowest', () => {
  const progress = progressOf([
    worker('collector', { ...read, delayMs: 200 }),
    worker('topic index', { unread: 9_000, perSecond: 300, delayMs: 31_000, standing: ['a/0: no_leader'] }),
    worker('dead-letter index', { unread: 100, perSecond: 50, delayMs: 0 }),
  ]);
  expect(progress).toEqual({ records: 9_100, partitions: 1, delaySeconds: 31, leftSeconds: 30, older: 0 });
});

it('has nothing left where everything is read', () => {
  const all = [worker('collector', read), worker('topic index', read), worker('dead-letter index', read)];
  expect(progressOf(all)).toEqual({
    records: 0,
    partitions: 0,
    delaySeconds: 0,
    leftSeconds: null,
    older: 0,
  });
});

it.each<SeenState>(['failing', 'silent', 'stopped'])(
  'does not know what a %s worker has not read',
  (state) => {
    const progress = progressOf([
      worker('collector', read),
      worker('topic index', read, state),
      worker('dead-letter index', read),
    ]);
    expect(progress.records).toBeNull();
  },
);

it('knows nothing where no worker reports', () => {
  expect(progressOf([])).toEqual({
    records: null,
    partitions: 0,
    delaySeconds: null,
    leftSeconds: null,
    older: 0,
  });
  expect(progressOf([worker('collector', {}, 'starting')]).records).toBeNull();
});
