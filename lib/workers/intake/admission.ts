import { CourierError } from '@/lib/errors';

/**
 * What a request is at: its body comes, it has its turn still before it, it is worked on, it waits for records, a large
 * answer of it is on its way.
 */
const PHASES = ['reading', 'queued', 'working', 'waiting', 'answering'] as const;
type Phase = (typeof PHASES)[number];

/** How much may be under way at once, for one token and in all. */
export type AdmissionLimits = Record<Phase, { perToken: number; inAll: number }>;

export const LIMITS: AdmissionLimits = {
  reading: { perToken: 32, inAll: 512 },
  queued: { perToken: 2_000, inAll: 8_000 },
  working: { perToken: 32, inAll: 128 },
  waiting: { perToken: 5_000, inAll: 20_000 },
  // Each may hold what the largest poll brings until its client has read it.
  answering: { perToken: 8, inAll: 32 },
};
/** A request waits for its turn no longer than this. */
const TURN_WITHIN_MS = 10_000;

const WORDS: Record<Phase, string> = {
  reading: 'being read',
  queued: 'waiting for their turn',
  working: 'under way',
  waiting: 'waiting for records',
  answering: 'being answered at length',
};

const none = () => Object.fromEntries(PHASES.map((phase) => [phase, 0])) as Record<Phase, number>;

interface Turn {
  token: string;
  take(): void;
}

/**
 * Counts the requests of each token by what they are at, so that one token never takes what others need. Requests beyond
 * what is worked on at once wait for their turn, and tokens take turns.
 */
export class Admission {
  private readonly total = none();
  private readonly byToken = new Map<string, Record<Phase, number>>();
  /** Requests that wait for a turn, by token; the token that had a turn last is the last one. */
  private readonly queues = new Map<string, Set<Turn>>();
  private fullSince: number | null = null;

  /** @param onCount receives each count that changes */
  constructor(
    private readonly limits: AdmissionLimits = LIMITS,
    private readonly onCount: (phase: Phase, count: number) => void = () => undefined,
  ) {}

  /** Requests by what they are at. */
  get counts(): Readonly<Record<Phase, number>> {
    return this.total;
  }

  /** For how many milliseconds as many requests are worked on as may be; 0 while there is room. */
  fullForMs(now = performance.now()): number {
    return this.fullSince === null ? 0 : now - this.fullSince;
  }

  /** The place of one request of a token, which is at nothing yet. */
  place(token: string): Place {
    return new Place(
      (phase) => this.add(token, phase),
      (phase) => this.remove(token, phase),
      (signal) => this.turn(token, signal),
    );
  }

  /** Waits until a request may be worked on, and counts it. @throws CourierError too_many_requests */
  private async turn(token: string, signal: AbortSignal): Promise<void> {
    if (!this.queues.has(token) && this.hasRoom(token)) {
      this.add(token, 'working');
      return;
    }
    this.add(token, 'queued');
    try {
      await new Promise<void>((resolve, reject) => {
        const queue = this.queues.get(token) ?? new Set<Turn>();
        this.queues.set(token, queue);
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', leave);
          queue.delete(turn);
          if (queue.size === 0) this.queues.delete(token);
        };
        const turn: Turn = {
          token,
          take: () => {
            end();
            this.add(token, 'working');
            resolve();
          },
        };
        const leave = (): void => {
          end();
          reject(tooMany('working', this.limits.working.inAll));
        };
        const timer = setTimeout(leave, TURN_WITHIN_MS);
        queue.add(turn);
        if (signal.aborted) leave();
        else signal.addEventListener('abort', leave);
      });
    } finally {
      this.remove(token, 'queued');
    }
  }

  private hasRoom(token: string): boolean {
    const { perToken, inAll } = this.limits.working;
    return this.total.working < inAll && (this.byToken.get(token)?.working ?? 0) < perToken;
  }

  /** Gives turns to those who wait, as far as there is room, one token after the other. */
  private giveTurns(): void {
    for (const [token, queue] of [...this.queues]) {
      if (this.total.working >= this.limits.working.inAll) return;
      const [first] = queue;
      if (!first || !this.hasRoom(token)) continue;
      this.queues.delete(token);
      if (queue.size > 1) this.queues.set(token, queue);
      first.take();
    }
  }

  private add(token: string, phase: Phase): void {
    const counts = this.byToken.get(token) ?? none();
    const { perToken, inAll } = this.limits[phase];
    if (counts[phase] >= perToken) throw tooMany(phase, perToken, ' of this token');
    if (this.total[phase] >= inAll) throw tooMany(phase, inAll);
    counts[phase] += 1;
    this.byToken.set(token, counts);
    this.total[phase] += 1;
    this.onCount(phase, this.total[phase]);
    if (this.total.working >= this.limits.working.inAll) this.fullSince ??= performance.now();
  }

  private remove(token: string, phase: Phase): void {
    this.total[phase] -= 1;
    this.onCount(phase, this.total[phase]);
    const counts = this.byToken.get(token);
    if (counts) {
      counts[phase] -= 1;
      if (Object.values(counts).every((count) => count === 0)) this.byToken.delete(token);
    }
    if (phase !== 'working') return;
    if (this.total.working < this.limits.working.inAll) this.fullSince = null;
    this.giveTurns();
  }
}

function tooMany(phase: Phase, count: number, whose = ''): CourierError {
  return new CourierError(
    'too_many_requests',
    `${count} requests${whose} are ${WORDS[phase]}. Send again in a second.`,
  );
}

/** The place of one request: it is at one thing at a time, and gives its place back once. */
export class Place {
  private phase: Phase | null = null;

  constructor(
    private readonly add: (phase: Phase) => void,
    private readonly remove: (phase: Phase) => void,
    private readonly turn: (signal: AbortSignal) => Promise<void>,
  ) {}

  /** Counts the request as one whose body comes. @throws CourierError too_many_requests */
  read(): void {
    this.add('reading');
    this.phase = 'reading';
  }

  /** Waits for a turn and counts the request as worked on. @throws CourierError too_many_requests */
  async work(signal: AbortSignal): Promise<void> {
    this.leave();
    await this.turn(signal);
    this.phase = 'working';
  }

  /** Waits for something to happen without taking a turn from others; then waits for a turn again. */
  async idle<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    this.add('waiting');
    this.leave();
    this.phase = 'waiting';
    try {
      return await work;
    } finally {
      // A client that is gone needs no turn.
      if (signal.aborted) this.leave();
      else await this.work(signal);
    }
  }

  /** Counts the request as one whose large answer its client still has to read. @throws CourierError too_many_requests */
  answer(): void {
    this.add('answering');
    this.leave();
    this.phase = 'answering';
  }

  leave(): void {
    const { phase } = this;
    this.phase = null;
    if (phase) this.remove(phase);
  }
}
