import { cut, factErrorOf } from './facts';
import {
  LIMITS,
  type ConsumerName,
  type ConsumerProblem,
  type FactError,
  type Obstacle,
} from '../protocol/fact';

/** A problem of a subscription, as `onProblem` gets it. */
export interface Problem extends Omit<ConsumerProblem, 'what'> {
  group: string;
  /** `unreadable`: a record was passed over. The others last until the consumer succeeds. */
  what: Obstacle | 'unreadable';
}

const WARN_EVERY_MS = 60_000;
const MAX_LINES = 100;

const SENTENCES: Record<Problem['what'], string> = {
  read: 'does not read, and starts again',
  commit: "can't commit, so what is handled now would be handled again after a restart",
  dead_letter: "can't write what it gives up to the dead-letter topic, and tries again",
  unreadable: 'passed over a record that can not be read',
};
const SOLVED: Record<Obstacle, string> = {
  read: 'reads again',
  commit: 'commits again',
  dead_letter: 'writes to the dead-letter topic again',
};
/** What usually is behind an error in which kafkajs leaves out the broker's reason. */
const HINTS: Record<string, string> = {
  KafkaJSGroupCoordinatorNotFound: 'usually the right READ on the group is missing',
};

/**
 * Keeps what is in the way of a subscription: crashes of its consumers, failed starts and commits, records that can't be
 * read. Each is handed to `onProblem` and reported with the heartbeat. On standard error each kind gets one line a minute.
 */
export class Problems {
  /** Crashes and failed starts since the process began. */
  crashes = 0;
  /** Records that were passed over, since the process began. */
  unreadable = 0;
  private readonly open = new Map<string, ConsumerProblem>();
  private readonly warnedAt = new Map<string, number>();

  /**
   * @param onProblem called for each problem; what it throws is ignored
   * @param onChange called when the heartbeat has something new to report
   */
  constructor(
    private readonly group: string,
    private readonly onProblem: (problem: Problem) => void,
    private readonly onChange: () => void,
  ) {}

  /** What the consumers can't do now. */
  get current(): ConsumerProblem[] {
    return [...this.open.values()];
  }

  /** A consumer can't do something; it tries again by itself. */
  met(consumer: ConsumerName, what: Obstacle, thrown: unknown): void {
    if (what === 'read') this.crashes += 1;
    const key = `${consumer} ${what}`;
    const before = this.open.get(key);
    const since = before?.since ?? new Date().toISOString();
    const problem: ConsumerProblem = { consumer, what, ...reasonOf(thrown), since };
    this.open.set(key, problem);
    this.report(problem);
    if (before?.error !== problem.error || before.message !== problem.message) this.onChange();
  }

  /** A consumer did what it could not do before, if there was such a thing. */
  solved(consumer: ConsumerName, what: Obstacle): void {
    if (!this.open.delete(`${consumer} ${what}`)) return;
    console.warn(`Courier: The consumer of ${this.named(consumer)} ${SOLVED[what]}.`);
    this.onChange();
  }

  /** A record was passed over, since it can't be read. */
  passedOver(consumer: ConsumerName, place: string, { type, message }: FactError): void {
    this.unreadable += 1;
    const since = new Date().toISOString();
    this.report({ consumer, what: 'unreadable', error: type, message: `${place}: ${message}`, since });
    this.onChange();
  }

  private named(consumer: ConsumerName): string {
    return consumer === 'main' ? `the group ${this.group}` : `the retries of the group ${this.group}`;
  }

  private report(problem: Omit<Problem, 'group'>): void {
    const { consumer, what, error, message } = problem;
    const kind = `${consumer} ${what} ${error}`;
    if (performance.now() - (this.warnedAt.get(kind) ?? -Infinity) >= WARN_EVERY_MS) {
      if (this.warnedAt.size >= MAX_LINES) this.warnedAt.clear();
      this.warnedAt.set(kind, performance.now());
      console.warn(
        `Courier: The consumer of ${this.named(consumer)} ${SENTENCES[what]}: ${error}: ${message}`,
      );
    }
    try {
      this.onProblem({ group: this.group, ...problem });
    } catch {
      // An observer that fails must not stop what it observes.
    }
  }
}

/** The error that was the reason: kafkajs wraps it in one about the number of tries, or in one of several. */
function reasonOf(thrown: unknown): { error: string; message: string } {
  let reason = thrown;
  for (let depth = 0; depth < 5; depth += 1) {
    const within: unknown =
      reason instanceof Error && 'errors' in reason && Array.isArray(reason.errors)
        ? reason.errors[0]
        : reason instanceof Error && reason.cause;
    if (!(within instanceof Error)) break;
    reason = within;
  }
  const { type, message } = factErrorOf(reason);
  const hint = HINTS[type];
  return { error: type, message: cut(hint ? `${message}; ${hint}` : message, LIMITS.problemBytes) };
}
