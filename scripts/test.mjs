// The one command that proves everything: format, lint, types, unit, integration, build, end-to-end. Prints the time of
// each stage; its last line is `N passed, N failed`, and `, N skipped` where something could not run on this machine.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const bin = (name) => path.resolve('node_modules/.bin', name);
const results = mkdtempSync(path.join(os.tmpdir(), 'courier-results-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const times = [];
let env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };

installWhatIsMissing();
// Each of these keeps one core busy, so two go side by side.
await Promise.all([
  stage(
    'lint',
    async () =>
      (await run(bin('eslint'), ['.'])) &&
      (await run(process.execPath, ['scripts/check-mentions.mjs'])) &&
      run(process.execPath, ['scripts/check-prose.mjs']),
  ),
  (async () => {
    await stage('format', () => run(bin('prettier'), ['--check', '--log-level', 'warn', '.']));
    await stage(
      'types',
      async () =>
        (await run(process.execPath, ['node_modules/next/dist/bin/next', 'typegen'])) &&
        run(bin('tsc'), ['--noEmit']),
    );
    await stage('unit', () => vitest('unit'));
  })(),
]);
const services = await startServices();
await stage('integration', () => vitest('integration'));
const built = await stage('build', () => run(bin('tsx'), ['scripts/build.ts']));
if (built) {
  await stage('attacks', () => vitest('attacks'));
  await stage('commands', () => playwright(['commands'], { E2E_STACKS: '[]' }));
  await stage('end-to-end', () => playwright(['desktop', 'phone']));
}
await services?.stop();
rmSync(results, { recursive: true, force: true });

console.log(`\n${times.map(({ name, seconds }) => `${name} ${seconds} s`).join(' · ')}`);
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
if (total.skipped > 0 && process.env.CI) total.failed += 1;
console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs a stage; one that has no tests of its own counts as one. */
async function stage(name, work) {
  const began = Date.now();
  console.log(`\n== ${name}`);
  const counted = await work();
  const ok = typeof counted === 'boolean' ? counted : counted.failed === 0;
  if (typeof counted === 'boolean') total[ok ? 'passed' : 'failed'] += 1;
  else for (const word of ['passed', 'failed', 'skipped']) total[word] += counted[word];
  times.push({ name, seconds: Math.round((Date.now() - began) / 1000) });
  return ok;
}

function run(command, args, more = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...env, ...more } });
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}

async function vitest(project) {
  const file = path.join(results, `${project}.json`);
  const ok = await run(bin('vitest'), [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ]);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failed = report.numFailedTests + (ok || report.numFailedTests > 0 ? 0 : 1);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests };
}

/** Runs some of the projects of playwright.config.ts. */
async function playwright(projects, more) {
  const file = path.join(results, `${projects[0]}.json`);
  const ok = await run(
    bin('playwright'),
    ['test', ...projects.map((name) => `--project=${name}`), '--reporter=list,json'],
    {
      PLAYWRIGHT_JSON_OUTPUT_NAME: file,
      ...more,
    },
  );
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  const failed = stats.unexpected + stats.flaky + (ok || stats.unexpected > 0 ? 0 : 1);
  return { passed: stats.expected, failed, skipped: stats.skipped };
}

/** One PostgreSQL and one Kafka for all stages. */
function startServices() {
  console.log('\n== services');
  const child = spawn(bin('tsx'), ['scripts/test-services.ts'], { stdio: ['pipe', 'pipe', 'inherit'], env });
  return new Promise((resolve) => {
    let text = '';
    const gone = () => {
      console.error('The services of the tests did not start.');
      total.failed += 1;
      resolve(null);
    };
    child.on('exit', gone);
    child.stdout.on('data', (bytes) => {
      text += bytes;
      if (!text.includes('\n')) return;
      child.off('exit', gone);
      const found = JSON.parse(text);
      console.log(
        found.kafka ? `PostgreSQL and Kafka run` : `PostgreSQL runs; without Kafka: ${found.whyNoKafka}`,
      );
      env = {
        ...env,
        TEST_POSTGRES_URL: found.postgres,
        TEST_KAFKA: JSON.stringify(found.kafka),
        TEST_WHY_NO_KAFKA: found.whyNoKafka ?? '',
      };
      resolve({
        stop: () =>
          new Promise((ended) => {
            child.on('exit', ended);
            child.stdin.end();
          }),
      });
    });
  });
}

/** On Debian as root: Java, Maven, Chromium and fonts. Elsewhere: the browser by Playwright; Java and Maven are named. */
function installWhatIsMissing() {
  const has = (command, flag = '--version') => {
    try {
      execFileSync(command, [flag], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  };
  const missing = [];
  if (!has('java')) missing.push('default-jdk-headless');
  if (!has('mvn')) missing.push('maven');
  if (!has('openssl', 'version')) missing.push('openssl');
  if (!has('chromium') && !has('/usr/bin/chromium')) missing.push('chromium', 'fonts-noto-cjk');
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (missing.length > 0 && isDebianRoot) {
    console.log(`Installing ${missing.join(', ')} ...`);
    const options = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], options);
  } else if (missing.includes('chromium')) {
    execFileSync(bin('playwright'), ['install', 'chromium'], { stdio: 'inherit' });
  }
}
