import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { openContexts } from '@/lib/context/open-contexts';
import { startWorkers } from '@/lib/workers/main';
import { openDatabase } from './database';
import { sendHeartbeats } from './heartbeat';

/** Runs the intake and all workers until SIGTERM or SIGINT, or until the supervisor is gone. */
export async function runWorker(): Promise<void> {
  const settings = readSettings();
  const log = createLog(settings.COURIER_LOG_LEVEL, { process: 'worker' });
  sendHeartbeats();
  const database = await openDatabase(settings, { command: 'courier worker', mayShare: false });
  const contexts = await openContexts(settings, database.url, log);
  const running = await startWorkers(contexts, database.url, (error) => {
    log.fatal(error.message);
    stop('a newer Courier migrated the store', 1);
  });
  log.info({ intake: running.intakePort, health: running.workerPort }, 'the workers run');
  process.send?.({ ready: true, intakePort: running.intakePort, workerPort: running.workerPort });
  let stopping = false;
  const stop = (reason: string, code = 0) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'draining');
    void running
      .stop()
      .then((drained) => database.stop().then(() => drained))
      .then((drained) => process.exit(drained ? code : 1));
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  if (process.send) process.on('disconnect', () => stop('the supervisor is gone'));
}
