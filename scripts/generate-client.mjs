// Makes the typed client from prisma/schema.prisma after each install. Prisma would fetch an engine that only its own
// migrate command needs; naming a program that does nothing spares the download, also on closed networks.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const prisma = 'node_modules/prisma/build/index.js';
if (existsSync(prisma)) {
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: '/usr/bin/true',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const { status } = spawnSync(process.execPath, [prisma, 'generate'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env,
  });
  process.exitCode = status ?? 1;
}
