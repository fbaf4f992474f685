import { createServer } from 'node:net';
import path from 'node:path';
import { readSettings, type Settings } from '@/lib/config';
import { CourierError } from '@/lib/errors';
import { createLog } from '@/lib/log';
import { closeContext, type Context } from '@/lib/context/context';
import { openContexts } from '@/lib/context/open-contexts';
import { countOperators } from '@/lib/store/operators/operators';
import { ensureBuild } from './build';
import { openDatabase, type OpenDatabase } from './database';
import { Supervisor, webPart, workerPart } from './supervisor';

export interface Started {
  settings: Settings;
  database: OpenDatabase;
  supervisor: Supervisor;
  consoleUrl: string;
  intakeUrl: string;
}

export interface StartOptions {
  /** What is started, for others who find it running. */
  command: string;
  say: (line: string) => void;
  /** Go around ports that are taken instead of refusing to start. */
  chooseFreePorts: boolean;
  /** Work to be done once the store is there and before anything runs. */
  prepare?: (context: Context) => Promise<void>;
  onMessage?: (name: string, message: unknown) => void;
}

/** Starts the console and the workers and stops them with Ctrl-C. */
export async function start(): Promise<void> {
  const say = (line: string) => console.log(line);
  let operators = 0;
  const started = await startAll({
    command: 'courier start',
    say,
    chooseFreePorts: false,
    prepare: async (context) => {
      operators = await countOperators(context.store);
    },
  });
  await untilStopped(started, ['web', 'worker'], say, async () => {
    await waitUntilReady(started);
    say(`\nCourier runs.  Console ${started.consoleUrl}   Intake ${started.intakeUrl}`);
    if (operators === 0)
      say('Nobody can sign in yet: `npm run courier -- setup <name>` makes the first administrator.');
  });
}

/** Starts database, workers and console as processes of their own. */
export async function startAll(options: StartOptions): Promise<Started> {
  const settings = readSettings();
  await ensureBuild(options.say);
  // The folder is taken first: who loses a race for it must not hold ports or a database of its own.
  const { command } = options;
  const database = await openDatabase(settings, { command, mayShare: false, say: options.say });
  const ports = await choosePorts(settings, options).catch(async (error: unknown) => {
    await database.stop();
    throw error;
  });
  if (database.folder && database.folder !== path.resolve(settings.COURIER_DATA_DIR)) {
    options.say(
      `The user postgres can't enter this folder, so the database's files are in ${database.folder}.`,
    );
  }
  try {
    const contexts = await openContexts(
      settings,
      database.url,
      createLog(settings.COURIER_LOG_LEVEL, { process: 'start' }),
    );
    await options.prepare?.(contexts[0]);
    await closeContext(...contexts);
  } catch (error) {
    await database.stop();
    throw error;
  }
  const env = {
    COURIER_HOST: settings.COURIER_HOST,
    COURIER_DATABASE_URL: database.url,
    COURIER_PORT: String(ports.console),
    COURIER_INTAKE_PORT: String(ports.intake),
    COURIER_WORKER_PORT: String(ports.worker),
    COURIER_LOG_LEVEL: settings.COURIER_LOG_LEVEL,
  };
  const supervisor = new Supervisor({
    say: options.say,
    onMessage: options.onMessage,
    frozenAfterMs: settings.COURIER_FROZEN_SECONDS * 1000,
  });
  supervisor.start(workerPart(env));
  supervisor.start(webPart(env));
  const host = settings.COURIER_HOST === '0.0.0.0' ? '127.0.0.1' : settings.COURIER_HOST;
  return {
    settings,
    database,
    supervisor,
    consoleUrl: `http://${host}:${ports.console}`,
    intakeUrl: `http://${host}:${ports.intake}`,
  };
}

/**
 * Stops everything on the first SIGINT or SIGTERM, in order, and then this process.
 * @param work what is left to do before Courier is ready; when it fails, everything is stopped as well
 */
export async function untilStopped(
  started: Started,
  order: string[],
  say: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  let stopped: Promise<void> | undefined;
  const stopAll = () => (stopped ??= started.supervisor.stop(order).then(() => started.database.stop()));
  const stop = () => {
    if (stopped) return;
    say('\nStopping ...');
    void stopAll().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // npm runs a script through a shell that passes no SIGTERM on; when that shell is gone, so is who asked for us.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== parent && stop(), 1_000).unref();
  // Who starts Courier as part of something else holds the other end: when that is gone, however it ended, so is Courier.
  if (process.env.COURIER_STOP_WITH_STDIN) process.stdin.on('end', stop).resume();
  try {
    await work();
  } catch (error) {
    // While it stops on request, nothing that is asked answers: that is no failure.
    if (stopped) return;
    await stopAll();
    throw error;
  }
}

/** Waits until the console and the intake answer. @throws CourierError when one does not within a minute */
export async function waitUntilReady({ consoleUrl, intakeUrl }: Started): Promise<void> {
  await Promise.all([
    waitFor('console', `${consoleUrl}/healthz`, (answer) => answer.ok),
    // It has nothing to show without a token: that it answers is enough.
    waitFor('intake', intakeUrl, () => true),
  ]);
}

async function waitFor(name: string, url: string, isReady: (answer: Response) => boolean): Promise<void> {
  for (let waited = 0; waited < 600; waited += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer && isReady(answer)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new CourierError(
    'internal',
    `The ${name} at ${url} did not answer within a minute; the lines above say why.`,
  );
}

async function choosePorts(settings: Settings, options: StartOptions) {
  const wanted = {
    console: settings.COURIER_PORT,
    intake: settings.COURIER_INTAKE_PORT,
    worker: settings.COURIER_WORKER_PORT,
  };
  const chosen = { ...wanted };
  const taken = new Set<number>();
  for (const name of ['console', 'intake', 'worker'] as const) {
    let port = wanted[name];
    while (taken.has(port) || !(await isFree(settings.COURIER_HOST, port))) {
      if (!options.chooseFreePorts) {
        throw new CourierError(
          'conflict',
          `Port ${port} (${name}) is taken on ${settings.COURIER_HOST}. Stop what holds it, or set COURIER_${name === 'console' ? '' : `${name.toUpperCase()}_`}PORT.`,
        );
      }
      port += 1;
    }
    if (port !== wanted[name]) options.say(`Port ${wanted[name]} is taken; the ${name} uses ${port}.`);
    taken.add(port);
    chosen[name] = port;
  }
  return chosen;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
