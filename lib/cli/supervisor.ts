import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { ROOT } from '@/lib/operations/open-context';

interface Part {
  name: string;
  file: string;
  args: string[];
  env: Record<string, string>;
  /** A part that is not started again when it ends. */
  once?: boolean;
}

const STOP_MS = 35_000;
const MOST_BACKOFF_MS = 15_000;

/**
 * Runs parts as processes of their own and owns their signals: a crash is started again with backoff, stopping asks all
 * to drain and then ends them, and each part ends by itself when its channel to this process breaks.
 */
export class Supervisor {
  private readonly children = new Map<string, ChildProcess>();
  private stopping = false;

  constructor(
    private readonly say: (line: string) => void,
    private readonly onMessage: (name: string, message: unknown) => void = () => undefined,
  ) {}

  start(part: Part, backoffMs = 500): void {
    const began = Date.now();
    const child = fork(part.file, part.args, {
      cwd: ROOT,
      // A group of its own: Ctrl-C goes to this process, which decides the order of stopping.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...part.env, COURIER_PARENT_PIPE: '1' },
    });
    this.children.set(part.name, child);
    child.on('message', (message) => this.onMessage(part.name, message));
    child.on('exit', (code, signal) => {
      this.children.delete(part.name);
      if (this.stopping || part.once) return;
      const next = Date.now() - began > 60_000 ? 500 : Math.min(backoffMs * 2, MOST_BACKOFF_MS);
      this.say(
        `${part.name} ended (${signal ?? `code ${code ?? '?'}`}); starting it again in ${backoffMs} ms`,
      );
      setTimeout(() => !this.stopping && this.start(part, next), backoffMs);
    });
  }

  send(name: string, message: object): void {
    this.children.get(name)?.send(message);
  }

  /** Stops parts in the given order; those that do not end in time are ended. */
  async stop(order: string[]): Promise<void> {
    this.stopping = true;
    for (const name of order) await this.stopOne(name);
    await Promise.all([...this.children.keys()].map((name) => this.stopOne(name)));
  }

  private async stopOne(name: string): Promise<void> {
    const child = this.children.get(name);
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
  return { name: 'worker', file: path.join(ROOT, 'bin/courier.mjs'), args: ['worker'], env };
}

/** The console as a part. */
export function webPart(env: Record<string, string>): Part {
  return {
    name: 'web',
    file: path.join(ROOT, 'bin/web.mjs'),
    args: [],
    env: { ...env, NODE_ENV: 'production' },
  };
}
