import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
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

/** Puts the code of an earlier commit beside, with the libraries of today. @returns its folder */
export function checkOut(commit: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'courier-former-'));
  const archive = execFileSync('git', ['archive', commit], { maxBuffer: 500_000_000 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  fs.symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  execFileSync('npx', ['prisma', 'generate'], {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' },
  });
  fs.mkdirSync(path.join(folder, 'test', 'referee'), { recursive: true });
  const program = path.join('test', 'referee', 'courier-process.ts');
  fs.copyFileSync(program, path.join(folder, program));
  return folder;
}
