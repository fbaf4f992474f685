import { describe, expect, it } from 'vitest';
import { endOf } from './retry';

const open = {
  generation: 1,
  outcome: 2,
  gaveUp: true,
  triesAgain: false,
  ofRecord: 0,
  passed: false,
  unanswered: false,
};

describe('the end of a retry item', () => {
  it('does not take the failure it was made for as its own', () => {
    expect(endOf(open)).toBeNull();
  });
  it('follows the outcome of its own generation', () => {
    expect(endOf({ ...open, outcome: 7 })).toBe('HANDLED');
    expect(endOf({ ...open, outcome: 6 })).toBe('FAILED_AGAIN');
  });
  it('follows what a service reports of the record that was sent, without its generation', () => {
    expect(endOf({ ...open, outcome: 3, ofRecord: 3 })).toBe('HANDLED');
    expect(endOf({ ...open, ofRecord: 2 })).toBe('FAILED_AGAIN');
    expect(endOf({ ...open, gaveUp: false, triesAgain: true, ofRecord: 2 })).toBeNull();
    expect(endOf({ ...open, ofRecord: 3, passed: true })).toBe('HANDLED');
  });
  it('waits while the subscriber tries again by itself', () => {
    expect(endOf({ ...open, outcome: 6, gaveUp: false, triesAgain: true })).toBeNull();
  });
  it('says passed when the group went on without a report', () => {
    expect(endOf({ ...open, passed: true })).toBe('PASSED');
  });
  it('is no answer when none came for too long, and an outcome goes before it', () => {
    expect(endOf({ ...open, unanswered: true })).toBe('NO_ANSWER');
    expect(endOf({ ...open, unanswered: true, passed: true })).toBe('PASSED');
    expect(endOf({ ...open, unanswered: true, outcome: 7 })).toBe('HANDLED');
  });
});
