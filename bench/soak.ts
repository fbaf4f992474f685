import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { HttpTransport } from '../lib/sdk/http-transport';
import type { Consumption } from '../lib/sdk/transport';
import { makeFact, newId } from '../lib/testing/facts';
import { ask, signIn, startRealCourier, type RealCourier } from '../test/attacks/courier';
import { round, type Row } from './bench';

/** How long it goes on, in minutes; the first memory that counts is that from minute 5 on. */
const MINUTES = Number(process.env.SOAK_MINUTES ?? 30);
const FIRST_MINUTE = 5;
/** Minutes of which the minimum counts: between two garbage collections a heap grows to a multiple of its live data. */
const WINDOW_MINUTES = 5;
const IDLE_SERVICES = 50;
const PARTITIONS = 3;
const NAMES = 10_000;

/**
 * A Courier under everything that must not make it grow: more members than partitions, idle services, bodies that do not
 * come, wrong passwords, and ten thousand names of groups, types and filter values.
 */
export async function bench(): Promise<Row[]> {
  const courier = await startRealCourier({ COURIER_TRUSTED_PROXIES: '1' });
  const ended = new AbortController();
  const consumers: Consumption[] = [];
  const refused: string[] = [];
  let asked = 0;
  try {
    const password = await courier.setUp('admin');
    const { cookie } = await signIn(courier, 'admin', password);
    const tokenOf = async (name: string): Promise<string> => {
      const { body } = await ask(`${courier.console}/api/tokens`, {
        cookie,
        body: { name },
        headers: { origin: courier.console },
      });
      return String(body.token);
    };
    const honest = async (url: string, more: Parameters<typeof ask>[1]): Promise<void> => {
      asked += 1;
      const answer = await ask(url, more).catch((error: unknown) => ({ status: 0, text: String(error) }));
      if (answer.status !== 200) refused.push(`${answer.status} ${answer.text.slice(0, 200)}`);
    };
    const shop = await tokenOf('shop');
    const transport = new HttpTransport({ url: courier.intake, token: shop }, 'shop');
    await transport.createTopics([{ name: 'orders', partitions: PARTITIONS }]);
    const consume = (of: HttpTransport, group: string) =>
      of.consume({
        group,
        topics: ['orders'],
        fromBeginning: false,
        onRecords: () => undefined,
        onRevoked: () => undefined,
        onFailed: () => undefined,
        onReads: () => undefined,
      });
    for (let member = 0; member < PARTITIONS + 2; member += 1)
      consumers.push(await consume(transport, 'payment'));
    for (let service = 0; service < IDLE_SERVICES; service += 1) {
      const token = await tokenOf(`idle-${service}`);
      consumers.push(
        await consume(
          new HttpTransport({ url: courier.intake, token }, `idle-${service}`),
          `idle-${service}`,
        ),
      );
    }

    const everyMs = (MINUTES * 60_000) / NAMES;
    const loops = [
      repeat(ended.signal, everyMs, async (number) => {
        const fact = makeFact('handled', newId(), 0, {
          group: `group-${number}`,
          attempt: 1,
          at: new Date().toISOString(),
          message: { topic: 'orders', type: `type-${number}` },
        });
        await honest(`${courier.intake}/v1/facts`, {
          token: shop,
          body: { v: 1, service: 'shop', host: 'soak', facts: [fact] },
        });
        await honest(`${courier.console}/api/messages?type=type-${number}&key=key-${number}`, { cookie });
      }),
      repeat(ended.signal, 200, () =>
        honest(`${courier.intake}/v1/broker/publish`, {
          token: shop,
          body: { records: [{ topic: 'orders', key: null, value: null, headers: [] }] },
        }),
      ),
      repeat(ended.signal, 500, () => Promise.resolve(dripBody(courier, shop, ended.signal))),
      repeat(ended.signal, 1_000, async (number) => {
        await signIn(courier, 'admin', 'a wrong pass phrase', { address: `10.9.${number % 250}.1` });
      }),
      repeat(ended.signal, 60_000, () =>
        honest(`${courier.console}/api/session`, {
          cookie,
          body: { name: 'admin', password },
          headers: { origin: courier.console },
        }),
      ),
    ];
    const minutes: Record<string, number>[] = [];
    for (let minute = 1; minute <= MINUTES; minute += 1) {
      const memory = await leastMemoryOfMinute(courier, ended.signal);
      minutes.push(memory);
      console.log(`minute ${minute}: ${JSON.stringify(memory)}, ${refused.length} of ${asked} refused`);
    }
    const first = leastOf(minutes.slice(FIRST_MINUTE - 1, FIRST_MINUTE - 1 + WINDOW_MINUTES));
    const last = leastOf(minutes.slice(-WINDOW_MINUTES));
    ended.abort();
    await Promise.all(loops);
    for (const words of new Set(refused)) console.log(`refused: ${words}`);
    return [
      {
        what: `${MINUTES} minutes under everything at once: honest requests that were refused`,
        courier: String(refused.length),
        against: `${asked} asked`,
        ratio: '',
        goal: '0',
      },
      ...Object.entries(last).map(([name, kib]) => ({
        what: `${MINUTES} minutes under everything at once: least memory of ${name} in ${WINDOW_MINUTES} minutes`,
        courier: `${round(kib / 1024, 0)} MiB`,
        against: `${round((first[name] ?? 0) / 1024, 0)} MiB (from minute ${FIRST_MINUTE} on)`,
        ratio: round(kib / (first[name] ?? kib)),
        goal: '<= 1.2',
      })),
    ];
  } finally {
    ended.abort();
    await Promise.allSettled(consumers.map((consumer) => consumer.stop()));
    await courier.stop();
  }
}

/**
 * The minimum memory in KiB of each process within a minute. A single sample would include short peaks: hashing a pass
 * phrase takes 128 MB.
 */
async function leastMemoryOfMinute(
  courier: RealCourier,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const looks: Record<string, number>[] = [];
  for (let look = 0; look < 12; look += 1) {
    await pause(5_000, signal);
    looks.push(await memoryOf(courier));
  }
  return leastOf(looks);
}

function leastOf(looks: Record<string, number>[]): Record<string, number> {
  const least: Record<string, number> = {};
  for (const [name, kib] of looks.flatMap((look) => Object.entries(look)))
    least[name] = Math.min(least[name] ?? Infinity, kib);
  return least;
}

/**
 * Memory in KiB of each process of Courier, resident, and of all of PostgreSQL's together without what they share: its
 * cache fills up to `shared_buffers` and stays there.
 */
async function memoryOf(courier: RealCourier): Promise<Record<string, number>> {
  const { web, worker, guardian, postmaster } = await courier.processes();
  const own = { supervisor: courier.supervisor, web, worker, guardian };
  const memory = Object.fromEntries(
    Object.entries(own).flatMap(([name, pid]) =>
      pid === undefined ? [] : [[name, Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)]))]],
    ),
  );
  if (postmaster === undefined || process.platform !== 'linux') return memory;
  const backends = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' });
  const pids = [String(postmaster), ...backends.trim().split(/\s+/)];
  return { ...memory, PostgreSQL: pids.reduce((sum, pid) => sum + privateKib(pid), 0) };
}

/** What a process shares with no other, or 0 where it has just ended. */
function privateKib(pid: string): number {
  try {
    const lines = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8').matchAll(/^Private_\w+:\s+(\d+) kB$/gm);
    return Array.from(lines, ([, kib]) => Number(kib)).reduce((sum, kib) => sum + kib, 0);
  } catch {
    return 0;
  }
}

/** A request whose body comes a byte a second. */
function dripBody(courier: RealCourier, token: string, signal: AbortSignal): void {
  const { hostname, port } = new URL(courier.intake);
  const socket = net.connect(Number(port), hostname);
  const stop = (): void => {
    clearInterval(timer);
    signal.removeEventListener('abort', stop);
    socket.destroy();
  };
  const timer = setInterval(() => socket.write(' '), 1_000);
  socket.on('error', stop).on('close', stop);
  signal.addEventListener('abort', stop);
  socket.write(
    `POST /v1/facts HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{`,
  );
}

/** Does something again and again until the signal aborts, so often, never twice at once. */
async function repeat(
  signal: AbortSignal,
  everyMs: number,
  work: (number: number) => Promise<void>,
): Promise<void> {
  for (let number = 0; !signal.aborted; number += 1) {
    const began = performance.now();
    await work(number).catch(() => undefined);
    await pause(Math.max(1, everyMs - (performance.now() - began)), signal);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end);
  });
}
