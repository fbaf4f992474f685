import { spawn, type ChildProcess } from 'node:child_process';

export interface RunningWeb {
  url: string;
  child: ChildProcess;
}

/**
 * Starts the built console on a port that the system chooses, and returns once it answers. It ends with its parent process.
 * @param env its settings
 */
export async function startWeb(env: Record<string, string>): Promise<RunningWeb> {
  const child = spawn(process.execPath, ['bin/web.mjs'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      COURIER_HOST: '127.0.0.1',
      COURIER_PORT: '0',
      COURIER_PARENT_PIPE: '1',
      COURIER_LOG_LEVEL: 'error',
      ...env,
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (message: { port?: number }) => message.port !== undefined && resolve(message.port));
    child.once('exit', (code) => reject(new Error(`the console ended with code ${code ?? '?'}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${url}/healthz`);
  if (!answer.ok) throw new Error(`the console answers ${answer.status}: ${await answer.text()}`);
  return { url, child };
}
