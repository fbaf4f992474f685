import { fork, type ChildProcess } from 'node:child_process';
import { endProcess } from '@/lib/testing/kafka';

/** A worker in a process of its own, to be killed. */
export class WorkerProcess {
  private child: ChildProcess | undefined;

  /** @param script what it runs: `bin/courier.mjs worker`, or a worker that lacks a safeguard */
  constructor(
    private readonly environment: Record<string, string>,
    private readonly script: string[] = ['bin/courier.mjs', 'worker'],
  ) {}

  /** Resolves when the worker reports that it is ready. */
  async start(): Promise<void> {
    const [file = '', ...args] = this.script;
    const child = fork(file, args, {
      env: { ...process.env, ...this.environment },
      execArgv: file.endsWith('.ts') ? ['--import', 'tsx'] : [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`the worker ended with ${code ?? 'a signal'}`)));
    });
  }

  get isAlive(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const { child } = this;
    if (!child || !this.isAlive) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    if (this.child) await endProcess(this.child);
  }
}
