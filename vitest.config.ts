import path from 'node:path';
import { defineConfig } from 'vitest/config';

const exclude = ['node_modules/**', '.next/**', 'e2e/**'];
/** Tests of `npm run test:faults` alone; skipped ones would count as failed where nothing may be skipped. */
const LONG =
  process.env.FAULTS === 'long'
    ? []
    : ['test/faults/three-brokers.integration.test.ts', 'test/faults/lag-referee.integration.test.ts'];

export default defineConfig({
  resolve: { alias: { '@': path.resolve('.') } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...exclude, '**/*.integration.test.ts', '**/*.attack.test.ts'],
          // For a machine that does something else as well.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['**/*.integration.test.ts'],
          exclude: [...exclude, ...LONG],
          globalSetup: ['lib/testing/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          pool: 'forks',
          maxWorkers: 2,
        },
      },
      {
        // On the built product, as its users run it.
        extends: true,
        test: {
          name: 'attacks',
          include: ['test/attacks/**/*.attack.test.ts'],
          exclude,
          globalSetup: ['test/attacks/global-setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
          pool: 'forks',
          maxWorkers: 2,
        },
      },
    ],
  },
});
