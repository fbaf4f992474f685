import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * Puts the code of an earlier commit into a folder beside, with the libraries of today.
 * @returns the folder; the caller removes it
 * @throws where this is no whole clone
 */
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
  return folder;
}
