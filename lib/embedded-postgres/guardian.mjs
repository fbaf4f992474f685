// Runs the embedded PostgreSQL as its child and stops it when standard input ends, which happens however the process
// that started it dies, kill -9 included. Started in a session of its own, so that Ctrl-C does not stop the database
// before those that use it. Plain JavaScript: it must start without a loader.
import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const MAX_LOG_BYTES = 5_000_000;
const { command, args, logFile, uid, gid } = JSON.parse(process.argv[2]);

let log = null;
let size = 0;
/** Writes to the log, of which one older file is kept. On a full disk the line is lost and nothing else. */
function write(bytes) {
  try {
    if (log === null) {
      log = openSync(logFile, 'a', 0o600);
      size = fstatSync(log).size;
    }
    writeSync(log, bytes);
    size += bytes.length;
    if (size < MAX_LOG_BYTES) return;
    closeSync(log);
    log = null;
    renameSync(logFile, `${logFile}.1`);
  } catch {
    // The database must keep running even if its log can't be written.
  }
}

const postgres = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', uid, gid });
for (const output of [postgres.stdout, postgres.stderr]) output.on('data', write).on('error', () => {});
postgres.on('error', (error) => {
  write(Buffer.from(`${error.message}\n`));
  process.exit(1);
});
postgres.on('exit', (code) => process.exit(code ?? 1));

// SIGINT is PostgreSQL's fast shutdown: clients are cut off, everything is written, no recovery at the next start.
const stop = () => postgres.kill('SIGINT');
process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
process.on('SIGTERM', stop);
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
