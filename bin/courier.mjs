#!/usr/bin/env node
// Node 20 does not read TypeScript; tsx does it while loading, so that worker and command line need no build.
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
process.env.TSX_TSCONFIG_PATH ??= path.join(root, 'tsconfig.json');
const { register } = await import('tsx/esm/api');
register();
await import(pathToFileURL(path.join(root, 'lib/cli/main.ts')).href);
