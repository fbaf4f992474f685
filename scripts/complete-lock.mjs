// Adds lock entries for optional platform packages that the registry in use could not give, so that `npm ci` accepts
// the lock on every platform. Run after each dependency change.
import { readFileSync, writeFileSync } from 'node:fs';

const file = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;
const OS = [
  'darwin',
  'win32',
  'freebsd',
  'openharmony',
  'android',
  'aix',
  'sunos',
  'netbsd',
  'openbsd',
  'linux',
];
const CPU = ['arm64', 'x64', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32', 'arm'];

let added = 0;
for (const [place, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    if (!/^\d/.test(range) || isLocked(place, name)) continue;
    const os = OS.find((word) => name.includes(word)) ?? 'linux';
    const cpu = CPU.find((word) => name.includes(word)) ?? 'x64';
    packages[`node_modules/${name}`] = {
      version: range,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      optional: true,
      os: [os],
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, JSON.stringify(lock, null, 2) + '\n');
console.log(`${added} entries added to ${file}`);

function isLocked(place, name) {
  for (let folder = place; ; folder = parentOf(folder)) {
    if (packages[`${folder ? folder + '/' : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

function parentOf(folder) {
  const at = folder.lastIndexOf('/node_modules/');
  return at < 0 ? '' : folder.slice(0, at);
}
