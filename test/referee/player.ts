import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Player, Said } from './referee';

const ASK_MS = 10_000;

/** A Courier in a process of its own. @param folder of its code */
export async function startPlayer(
  name: string,
  folder: string,
  kafka: string,
): Promise<Player & { stop(): Promise<void> }> {
  const program = path.join(folder, 'test', 'referee', 'courier-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, kafka], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  const answer = () => new Promise<string>((resolve) => waiting.push(resolve));
  await answer();
  return {
    name,
    async ask() {
      const line = answer();
      child.stdin.write('groups\n');
      const late = new Promise<string>((resolve) => setTimeout(() => resolve('[]'), ASK_MS));
      const groups = JSON.parse(await Promise.race([line, late])) as {
        name: string;
        verdict: string;
        standing?: string;
        lag: number | null;
        sampledAt: string;
      }[];
      return groups.map(({ name: group, verdict, standing, lag, sampledAt }): Said => ({
        group,
        verdict,
        lag,
        sampledAt: Date.parse(sampledAt),
        ...(standing === undefined ? {} : { standing }),
      }));
    },
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
    },
  };
}
