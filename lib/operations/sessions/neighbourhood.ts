import { isIPv4, isIPv6 } from 'node:net';

const WINDOW_MS = 60_000;
const MAX_PLACES = 20_000;

/**
 * Counts how many recent attempts came from near an address. Many addresses of one network are one attacker more often
 * than not, so attempts from elsewhere are served before them.
 */
export class Neighbourhood {
  private current = new Map<string, number>();
  private before = new Map<string, number>();
  private since = -Infinity;

  /** Counts an attempt. @returns how many came from the address and from its networks before, in the last minute or two */
  add(address: string, now = performance.now()): number {
    if (now - this.since >= WINDOW_MS) {
      this.before = now - this.since < 2 * WINDOW_MS ? this.current : new Map<string, number>();
      this.current = new Map();
      this.since = now;
    }
    let earlier = 0;
    for (const place of placesOf(address)) {
      const count = this.current.get(place) ?? 0;
      earlier += count + (this.before.get(place) ?? 0);
      if (count > 0 || this.current.size < MAX_PLACES) this.current.set(place, count + 1);
    }
    return earlier;
  }
}

/** An address and the networks that one owner commonly holds: /24 and /16 of IPv4, /64 and /48 of IPv6. */
function placesOf(address: string): string[] {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (isIPv4(plain)) {
    const parts = plain.split('.');
    return [plain, `${parts.slice(0, 3).join('.')}.*`, `${parts.slice(0, 2).join('.')}.*`];
  }
  if (!isIPv6(plain)) return [plain];
  const groups = expanded(plain);
  return [groups.join(':'), `${groups.slice(0, 4).join(':')}/64`, `${groups.slice(0, 3).join(':')}/48`];
}

function expanded(address: string): string[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
}
