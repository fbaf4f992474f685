import { describe, expect, it } from 'vitest';
import { requestAddress } from './forwarded';

const from = (headers: Record<string, string>, proxies: number) =>
  requestAddress(new Headers(headers), proxies);

describe('where a request comes from', () => {
  const peer = { 'x-courier-peer': '10.0.0.9' };

  it('is who is connected, whatever the client writes of itself', () => {
    expect(from(peer, 0)).toBe('10.0.0.9');
    expect(from({ ...peer, 'x-forwarded-for': '1.2.3.4' }, 0)).toBe('10.0.0.9');
    expect(from({}, 0)).toBe('unknown');
  });

  it('is behind proxies what the farthest of them saw, not what the client put before it', () => {
    const passed = { ...peer, 'x-forwarded-for': '1.2.3.4, 203.0.113.7,10.0.0.1' };
    expect(from(passed, 2)).toBe('203.0.113.7');
    expect(from(passed, 1)).toBe('10.0.0.1');
    expect(from({ ...peer, 'x-forwarded-for': '203.0.113.7' }, 2)).toBe('203.0.113.7');
    expect(from(peer, 1)).toBe('10.0.0.9');
    expect(from({ 'x-forwarded-for': 'x'.repeat(500) }, 1)).toHaveLength(100);
  });
});
