import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { renew } from './renew';

describe('what a change has made old', () => {
  it('is read anew even while its first reading is under way', async () => {
    const client = new QueryClient();
    let state = 'before';
    let answer: (() => void) | undefined;
    let readings = 0;
    const observer = new QueryObserver(client, {
      queryKey: ['list'],
      queryFn: async () => {
        readings += 1;
        const seen = state;
        if (readings === 1) await new Promise<void>((resolve) => (answer = resolve));
        return seen;
      },
    });
    const stop = observer.subscribe(() => undefined);
    await expect.poll(() => answer).toBeDefined();
    state = 'after';
    const renewed = renew(client, ['list']);
    answer?.();
    await renewed;
    expect(observer.getCurrentResult().data).toBe('after');
    stop();
    client.clear();
  });
});
