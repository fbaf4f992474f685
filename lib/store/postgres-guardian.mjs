// Runs the embedded PostgreSQL as its child and stops it when standard input ends, which happens however the process
// that started it dies, kill -9 included. Started in a session of its own, so that Ctrl-C does not stop the database
// before those that use it. Plain JavaScript: it must start without a loader.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

const { command, args, logFile, uid, gid } = JSON.parse(process.argv[2]);
const log = createWriteStream(logFile, { flags: 'a' });
const postgres = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: '/', uid, gid });
postgres.stdout.pipe(log, { end: false });
postgres.stderr.pipe(log, { end: false });
postgres.on('error', (error) => {
  process.stdout.write(`error ${error.message}\n`);
  process.exit(1);
});
postgres.on('exit', (code) => process.exit(code ?? 1));

// SIGINT is PostgreSQL's fast shutdown: clients are cut off, everything is written, no recovery at the next start.
const stop = () => postgres.kill('SIGINT');
process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
process.on('SIGTERM', stop);
process.on('SIGINT', () => {});
process.on('SIGHUP', () => {});
