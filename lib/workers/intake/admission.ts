import { CourierError } from '@/lib/errors';

/** How much may be under way at once. What waits for something to happen is counted apart from what is worked on. */
export interface AdmissionLimits {
  /** Requests that are worked on: for one token, and in all. */
  working: { perToken: number; inAll: number };
  /** Requests whose body is still coming. */
  reading: { perToken: number; inAll: number };
  /** Polls that wait for records. */
  waiting: { perToken: number; inAll: number };
}

export const LIMITS: AdmissionLimits = {
  working: { perToken: 64, inAll: 256 },
  reading: { perToken: 32, inAll: 512 },
  waiting: { perToken: 5_000, inAll: 20_000 },
};

type Phase = keyof AdmissionLimits;

/** Counts the requests of each token by what they are at, so that one token never takes what others need. */
export class Admission {
  private readonly total: Record<Phase, number> = { working: 0, reading: 0, waiting: 0 };
  private readonly byToken = new Map<string, Record<Phase, number>>();
  private fullSince: number | null = null;

  constructor(private readonly limits: AdmissionLimits = LIMITS) {}

  /** Requests that are worked on, that are read, and that wait. */
  get counts(): Readonly<Record<Phase, number>> {
    return this.total;
  }

  /** For how many milliseconds as many requests are worked on as may be; 0 while there is room. */
  fullForMs(now = performance.now()): number {
    return this.fullSince === null ? 0 : now - this.fullSince;
  }

  /** Begins a request at one phase. @throws CourierError too_many_requests */
  enter(token: string, phase: Phase): Slot {
    const slot = new Slot(
      (next) => this.add(token, next),
      (last) => this.remove(token, last),
    );
    slot.move(phase);
    return slot;
  }

  private add(token: string, phase: Phase): void {
    const counts = this.byToken.get(token) ?? { working: 0, reading: 0, waiting: 0 };
    const { perToken, inAll } = this.limits[phase];
    if (counts[phase] >= perToken || this.total[phase] >= inAll) {
      const whose = counts[phase] >= perToken ? `${perToken} requests of this token` : `${inAll} requests`;
      throw new CourierError('too_many_requests', `${whose} are ${WORDS[phase]}. Send again in a second.`);
    }
    counts[phase] += 1;
    this.byToken.set(token, counts);
    this.total[phase] += 1;
    if (this.total.working >= this.limits.working.inAll) this.fullSince ??= performance.now();
  }

  private remove(token: string, phase: Phase): void {
    this.total[phase] -= 1;
    if (this.total.working < this.limits.working.inAll) this.fullSince = null;
    const counts = this.byToken.get(token);
    if (!counts) return;
    counts[phase] -= 1;
    if (counts.working + counts.reading + counts.waiting === 0) this.byToken.delete(token);
  }
}

const WORDS: Record<Phase, string> = {
  working: 'under way',
  reading: 'being read',
  waiting: 'waiting for records',
};

/** The place of one request; it is at one phase at a time, and gives it back once. */
export class Slot {
  private phase: Phase | null = null;

  constructor(
    private readonly add: (phase: Phase) => void,
    private readonly remove: (phase: Phase) => void,
  ) {}

  /** Goes on to another phase. @throws CourierError too_many_requests; the slot then is where it was */
  move(phase: Phase): void {
    this.add(phase);
    if (this.phase) this.remove(this.phase);
    this.phase = phase;
  }

  /** Waits outside of what is worked on; coming back it takes a place again, without being refused. */
  async idle<T>(work: Promise<T>): Promise<T> {
    this.move('waiting');
    try {
      return await work;
    } finally {
      // What woke it must be answered: refusing it now would only make it ask again at once.
      this.moveAnyway();
    }
  }

  leave(): void {
    if (this.phase) this.remove(this.phase);
    this.phase = null;
  }

  private moveAnyway(): void {
    if (!this.phase) return;
    try {
      this.move('working');
    } catch {
      // It stays counted as waiting until it leaves.
    }
  }
}
