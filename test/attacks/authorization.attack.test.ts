import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { makeFact, newId } from '@/lib/testing/facts';
import { ROUTES } from '@/lib/workers/intake/routes';
import { ask, signIn } from './courier';
import { CONSOLE_ROUTES, INTAKE_ROUTES, type RouteRow } from './routes';

const target = inject('target');
const { tokens, revoked } = target;
const GROUP = 'matrix.payment';
const TOPIC = 'matrix.orders';

/** Each route of the console as `METHOD /path`. */
function routesOfConsole(): string[] {
  return readdirSync('app/api', { recursive: true, encoding: 'utf8' })
    .filter((file) => path.basename(file) === 'route.ts')
    .flatMap((file) => {
      const code = readFileSync(path.join('app/api', file), 'utf8');
      const methods = [...code.matchAll(/export const (GET|POST|PUT|PATCH|DELETE) =/g)].map(
        ([, name]) => name ?? '',
      );
      return methods.map((method) => `${method} /api/${path.dirname(file)}`);
    });
}

/** A request of each route of the intake about what payment-service owns. */
const OWN: Record<string, unknown> = {
  '/v1/facts': {
    v: 1,
    service: 'any',
    host: 'any',
    facts: [makeFact('handled', newId(), 0, { group: GROUP, attempt: 1 })],
  },
  '/v1/instances': {
    v: 1,
    instance: 'payment-service@host#1',
    service: 'payment-service',
    release: '1',
    host: 'host',
    process: '1',
    dropped: 0,
    subscriptions: [
      { group: GROUP, topics: [TOPIC], retryTopic: `courier.retry.${GROUP}`, retryReady: true, member: 'm' },
    ],
  },
  '/v1/broker/topics': { topics: [{ name: `courier.retry.${GROUP}`, partitions: 1 }] },
  '/v1/broker/publish': {
    records: [{ topic: `courier.dlq.${GROUP}`, key: null, value: null, headers: [] }],
  },
  '/v1/broker/join': {
    group: GROUP,
    member: 'm',
    clientId: 'c',
    host: 'h',
    topics: [TOPIC],
    fromBeginning: true,
  },
  '/v1/broker/poll': { group: GROUP, member: 'm', generation: 1, waitMs: 0, maxBytes: 1, positions: [] },
  '/v1/broker/commit': { group: GROUP, member: 'm', generation: 1, offsets: [] },
  '/v1/broker/leave': { group: GROUP, member: 'm' },
};

describe('who may do what', () => {
  let cookie = '';
  let ended = '';
  beforeAll(async () => {
    const [stale, own] = [
      await signIn(target, 'admin', target.password),
      await signIn(target, 'admin', target.password),
    ];
    await ask(`${target.console}/api/session`, { method: 'DELETE', cookie: stale.cookie, body: {} });
    [ended, cookie] = [stale.cookie, own.cookie];
    const { status } = await ask(`${target.intake}/v1/broker/topics`, {
      token: tokens['payment-service'],
      body: {
        topics: [
          { name: TOPIC, partitions: 1 },
          { name: `courier.dlq.${GROUP}`, partitions: 1 },
        ],
      },
    });
    expect(status).toBe(200);
    // From here on the group is payment-service's.
    const joined = await ask(`${target.intake}/v1/broker/join`, {
      token: tokens['payment-service'],
      body: OWN['/v1/broker/join'],
    });
    expect(joined.status).toBe(200);
  });

  const credentials = (): Record<keyof RouteRow, { cookie?: string; token?: string }> => ({
    anonymous: {},
    expired: { cookie: ended, token: revoked },
    foreignService: { token: tokens.stranger },
    ownerService: { token: tokens['payment-service'] },
    administrator: { cookie },
  });

  it('is written down for every route, and for none that there is not', () => {
    expect(Object.keys(CONSOLE_ROUTES).sort()).toEqual(routesOfConsole().sort());
    expect(Object.keys(INTAKE_ROUTES).sort()).toEqual([...ROUTES.keys()].sort());
  });

  it.each(Object.entries(CONSOLE_ROUTES))('%s', async (name, row) => {
    const [method = '', pattern = ''] = name.split(' ');
    const url =
      target.console +
      pattern
        .replace('[...path]', 'nothing/here')
        .replace('[id]', newId())
        .replace(/\[\w+\]/g, 'unknown');
    for (const [actor, verdict] of Object.entries(row)) {
      const body = method === 'GET' ? undefined : { name: 'x' };
      const credential = { ...credentials()[actor as keyof RouteRow] };
      // Signing out ends the session that it is asked with.
      if (name === 'DELETE /api/session' && credential.cookie)
        credential.cookie = (await signIn(target, 'admin', target.password)).cookie;
      const { status } = await ask(url, { method, ...credential, body });
      if (verdict === 'may') expect([401, 403, 500], `${actor}: ${status}`).not.toContain(status);
      else expect(status, actor).toBe(verdict);
    }
  });

  it.each(Object.entries(INTAKE_ROUTES))('%s', async (route, row) => {
    for (const [actor, verdict] of Object.entries(row)) {
      const answer = await ask(target.intake + route, {
        ...credentials()[actor as keyof RouteRow],
        body: OWN[route],
      });
      if (verdict === 'may') expect([401, 403, 500], `${actor}: ${answer.text}`).not.toContain(answer.status);
      else expect(answer.status, `${actor}: ${answer.text}`).toBe(verdict);
      if (verdict === 403) expect(answer.body.error?.message).toMatch(/courier (token|group) "/);
    }
  });
});
