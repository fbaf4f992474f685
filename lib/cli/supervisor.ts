import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { ROOT } from '@/lib/context/open-contexts';

interface Part {
  name: string;
  file: string;
  args: string[];
  env: Record<string, string>;
  /** Whether it sends a heartbeat over its channel; one that falls silent is frozen. */
  beats?: boolean;
}

interface SupervisorOptions {
  say: (line: string) => void;
  onMessage?: ((name: string, message: unknown) => void) | undefined;
  /** Silence after which a part that beats is ended and started again. */
  frozenAfterMs: number;
}

const STOP_MS = 35_000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 15_000;
const LOOK_EVERY_MS = 5_000;

/**
 * Runs parts as processes of their own and owns their signals: a crash is started again with backoff, a frozen part is
 * ended and started again, stopping asks all to drain and then ends them, and each part ends by itself when its channel
 * to this process breaks.
 */
export class Supervisor {
  private readonly children = new Map<string, { child: ChildProcess; part: Part; beatAt: number }>();
  private stopping = false;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: SupervisorOptions) {
    const everyMs = Math.min(LOOK_EVERY_MS, options.frozenAfterMs / 3);
    let lookedAt = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      // This process was stopped or the machine slept, and the parts with it: their missing heartbeats prove nothing.
      if (now - lookedAt > 3 * everyMs) for (const running of this.children.values()) running.beatAt = now;
      lookedAt = now;
      this.endFrozen(now);
    }, everyMs);
    this.timer.unref();
  }

  start(part: Part, backoffMs = FIRST_BACKOFF_MS): void {
    const began = performance.now();
    const child = fork(part.file, part.args, {
      cwd: ROOT,
      // A group of its own: Ctrl-C goes to this process, which decides the order of stopping.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...part.env, COURIER_PARENT_PIPE: '1' },
    });
    const running = { child, part, beatAt: began };
    this.children.set(part.name, running);
    child.on('message', (message) => {
      // Any message shows that its loop turns.
      running.beatAt = performance.now();
      this.options.onMessage?.(part.name, message);
    });
    child.on('exit', (code, signal) => {
      this.children.delete(part.name);
      if (this.stopping) return;
      const next =
        performance.now() - began > 60_000 ? FIRST_BACKOFF_MS : Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      this.options.say(
        `${part.name} ended (${signal ?? `code ${code ?? '?'}`}); starting it again in ${backoffMs} ms`,
      );
      setTimeout(() => !this.stopping && this.start(part, next), backoffMs);
    });
  }

  send(name: string, message: object): void {
    this.children.get(name)?.child.send(message);
  }

  /** Stops parts in the given order; those that do not end in time are ended. */
  async stop(order: string[]): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    for (const name of order) await this.stopOne(name);
    await Promise.all([...this.children.keys()].map((name) => this.stopOne(name)));
  }

  private endFrozen(now: number): void {
    for (const { child, part, beatAt } of this.children.values()) {
      const silentMs = now - beatAt;
      if (!part.beats || silentMs < this.options.frozenAfterMs) continue;
      this.options.say(`${part.name} has been frozen for ${Math.round(silentMs / 1000)} s and is ended`);
      child.kill('SIGKILL');
    }
  }

  private async stopOne(name: string): Promise<void> {
    const child = this.children.get(name)?.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }
}

/** The worker as a part. */
export function workerPart(env: Record<string, string>): Part {
  return { name: 'worker', file: path.join(ROOT, 'bin/courier.mjs'), args: ['worker'], env, beats: true };
}

/** The console as a part. */
export function webPart(env: Record<string, string>): Part {
  return {
    name: 'web',
    file: path.join(ROOT, 'bin/web.mjs'),
    args: [],
    env: { ...env, NODE_ENV: 'production' },
    beats: true,
  };
}
