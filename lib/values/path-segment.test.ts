import { describe, expect, it } from 'vitest';
import { nameOfPage, segmentOf } from './path-segment';

describe('a segment of an address', () => {
  it('is never a step, and leads back to the name that it was made of', () => {
    for (const name of [
      '.',
      '..',
      '...',
      '~',
      '~2E',
      '~2E~2E',
      '~7E',
      '~7E2E',
      '~7Ex',
      'a/b',
      '%',
      '支付',
      'a b',
      '.a',
      '',
      '~00',
      '~00x',
      '100%done',
      'a%zz',
      'pre%41x',
      'x'.repeat(3_000),
    ]) {
      const path = `/groups/${segmentOf(name)}/members`;
      const { pathname } = new URL(path, 'http://here');
      expect(pathname.split('/'), name).toHaveLength(4);
      expect(nameOfPage(pathname.split('/')[2] ?? '')).toBe(name);
    }
  });

  it('that is typed with a lone percent sign is the name as it is typed', () => {
    expect(nameOfPage('100%done')).toBe('100%done');
  });
});
