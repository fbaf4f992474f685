import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

// A browser of the system comes first: on closed networks Playwright cannot download its own.
const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const COMMANDS = ['**/start.spec.ts', '**/upgrade.spec.ts', '**/newcomer.spec.ts'];

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/global-setup.ts',
  // Each has a Courier of its own to click on, so what one does is not what another sees.
  workers: 2,
  retries: 0,
  // Ends only what hangs: two browsers on two slow cores take their time.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  use: {
    trace: 'off',
    screenshot: 'only-on-failure',
    timezoneId: 'UTC',
    launchOptions: {
      ...(SYSTEM ? { executablePath: SYSTEM } : {}),
      args: ['--no-sandbox', '--disable-dev-shm-usage'],
    },
  },
  projects: [
    // What takes the whole machine: the commands as a newcomer types them, with their times.
    { name: 'commands', testMatch: COMMANDS, workers: 1 },
    {
      name: 'desktop',
      testIgnore: COMMANDS,
      use: { ...devices['Desktop Chrome'], viewport: { width: 1440, height: 900 } },
    },
    {
      name: 'phone',
      // Once is enough: what the states prove does not depend on the width, or is proved at both elsewhere.
      testIgnore: [...COMMANDS, '**/page-states.spec.ts', '**/empty-states.spec.ts'],
      // What a page shows of a broker does not depend on its width; the retry is seen through on each all the same.
      grepInvert: /on kafka(?!.*retried with a click)/,
      use: { ...devices['Desktop Chrome'], viewport: { width: 390, height: 844 }, hasTouch: true },
    },
  ],
});
