import { describe, expect, it } from 'vitest';
import { Neighbourhood } from './neighbourhood';

describe('the neighbourhood of an address', () => {
  it('counts what came from the address itself and from its networks, and not what came from elsewhere', () => {
    const near = new Neighbourhood();
    expect(near.add('10.1.2.3', 0)).toBe(0);
    expect(near.add('10.1.2.4', 0)).toBe(2);
    expect(near.add('10.1.9.4', 0)).toBe(2);
    expect(near.add('10.1.2.3', 0)).toBe(6);
    expect(near.add('192.0.2.1', 0)).toBe(0);
    expect(near.add('::ffff:10.1.2.3', 0)).toBe(9);
  });

  it('reads an IPv6 address in every way of writing it', () => {
    const near = new Neighbourhood();
    expect(near.add('2001:db8:0:1::7', 0)).toBe(0);
    expect(near.add('2001:DB8:0:1:0:0:0:7', 0)).toBe(3);
    expect(near.add('2001:db8:0:2::7', 0)).toBe(2);
    expect(near.add('2001:db8:1::7', 0)).toBe(0);
    expect(near.add('unknown', 0)).toBe(0);
  });

  it('forgets what is two minutes old', () => {
    const near = new Neighbourhood();
    near.add('10.1.2.3', 0);
    expect(near.add('10.1.2.3', 61_000)).toBe(3);
    expect(near.add('10.1.2.3', 250_000)).toBe(0);
  });
});
