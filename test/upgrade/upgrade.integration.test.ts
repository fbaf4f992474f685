import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readSettings } from '@/lib/config';
import { createLog } from '@/lib/log';
import { closeContext, type Actor, type Context } from '@/lib/context/context';
import { openContexts } from '@/lib/context/open-contexts';
import { getMessage } from '@/lib/operations/messages/get';
import { decideHeldItems } from '@/lib/operations/retries/decide-held';
import { getRetry } from '@/lib/operations/retries/get';
import { listRetryItems } from '@/lib/operations/retries/items';
import { signIn } from '@/lib/operations/sessions/sign-in';
import type * as Sdk from '@/lib/sdk';
import { rebuild } from '@/lib/store/facts/rebuild';
import { migrate } from '@/lib/store/schema/migrate';
import { startWorkers, type RunningWorkers } from '@/lib/workers/main';
import { figuresOf, inPresentWords } from './figures';
import { operatorActor } from './fill';
import { releaseOf } from './release';
import { restore, type RestoredDatabase } from './restore';

const MAX_MIGRATION_MS = 60_000;
/** For what workers and services do by themselves. */
const SOON = { timeout: 45_000, interval: 200 };

describe.each(['release-0.1'])('an installation of %s', (name) => {
  const release = releaseOf(name);
  const { expected, credentials } = release;
  const settings = readSettings({
    COURIER_INTAKE_PORT: '0',
    COURIER_WORKER_PORT: '0',
    COURIER_SAMPLE_SECONDS: '1',
    COURIER_LOG_LEVEL: 'error',
    // What was kept is as old as its release.
    COURIER_RETENTION_DAYS: '3650',
    COURIER_BODY_RETENTION_DAYS: '3650',
  });
  let database: RestoredDatabase | undefined;
  let url = '';
  let contexts: [Context, ...Context[]] | undefined;
  let context: Context;
  let admin: Actor;
  let workers: RunningWorkers | undefined;
  let intakeUrl: string;
  let sdk: typeof Sdk;
  const services: Sdk.Courier[] = [];

  const tokenOf = (service: string) =>
    credentials.tokens.find((token) => token.name === service)?.token ?? '';
  const connect = (service: string, token: string): Sdk.Courier => {
    services.push(sdk.connect({ service, release: '9.0.0', intakeUrl, token }));
    return services.at(-1) as Sdk.Courier;
  };
  const statusIn = async (id: string, group: string) =>
    (await getMessage.call(context, admin, { id })).deliveries.find((delivery) => delivery.group === group)
      ?.status;

  beforeAll(async () => {
    database = await restore(inject('postgres'), release.database);
    ({ url } = database);
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.close()));
    if (workers) await workers.stop();
    else if (contexts) await closeContext(...contexts);
    await database?.drop();
  });

  it('takes the migrations since then within a minute', async () => {
    const began = performance.now();
    await migrate(url, path.resolve('prisma/migrations'));
    expect(performance.now() - began).toBeLessThan(MAX_MIGRATION_MS);
    expect(await migrate(url, path.resolve('prisma/migrations'))).toEqual([]);
  });

  it('shows what it showed before', async () => {
    contexts = await openContexts(settings, url, createLog(settings.COURIER_LOG_LEVEL));
    [context] = contexts;
    admin = await operatorActor(context, 'admin');
    expect(await figuresOf(context, admin)).toEqual(inPresentWords(expected.figures));
  });

  it('lets in whom it let in', async () => {
    const nobody: Actor = { id: null, name: 'anonymous', role: 'anonymous' };
    for (const { name, passPhrase } of credentials.operators) {
      const given = { name, password: passPhrase, address: '192.0.2.8' };
      expect((await signIn.call(context, nobody, given)).name).toBe(name);
    }
  });

  it('collects what nobody had collected, and takes tokens as before', async () => {
    if (!contexts) throw new Error('the database was not opened');
    workers = await startWorkers(contexts, url);
    intakeUrl = `http://127.0.0.1:${workers.intakePort}`;
    const { messageId, group } = expected.uncollected;
    await expect.poll(() => statusIn(messageId, group), SOON).toBe('HANDLED');
    for (const { token, revoked } of credentials.tokens) {
      const answer = await fetch(`${intakeUrl}/v1/facts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ v: 1, service: 'any', host: 'any', facts: [] }),
      });
      expect(answer.status).toBe(revoked ? 401 : 200);
    }
  });

  it('ends the retry that was under way, through services with the SDK of that release', async () => {
    sdk = (await import(/* @vite-ignore */ pathToFileURL(release.sdk).href)) as typeof Sdk;
    const shop = connect('shop', tokenOf('demo shop'));
    const retried: string[] = [];
    for (const group of ['payment', 'inventory', 'analytics'])
      await shop.subscribe({
        group,
        topics: ['orders'],
        ...(group === 'analytics' ? {} : { types: ['OrderPlaced'] }),
        handle({ id, generation }) {
          if (id && group === 'payment' && generation > 0) retried.push(id);
        },
      });
    const sent = await shop.publish({ topic: 'orders', type: 'OrderPlaced', key: 'after', payload: {} });
    await expect
      .poll(() => getRetry.call(context, admin, { id: expected.retries.underWay }), SOON)
      .toMatchObject({ endedAt: expect.any(String) as string });

    const { underWay, held } = expected.retries;
    const { states } = await getRetry.call(context, admin, { id: underWay });
    const { rows } = await listRetryItems.call(context, admin, { id: underWay, limit: 200 });
    expect(states).toEqual({ HANDLED: rows.length });
    // Those whose send had no answer as well: none was given to the group twice.
    const ids = rows.map(({ messageId }) => messageId);
    expect(retried.filter((id) => ids.includes(id)).sort()).toEqual(ids.sort());
    expect(await getRetry.call(context, admin, { id: held })).toMatchObject({
      endedAt: null,
      states: { HELD: 1 },
    });
    await decideHeldItems.call(context, admin, { id: held, decision: 'send_again' });
    await expect
      .poll(async () => (await getRetry.call(context, admin, { id: held })).states, SOON)
      .toEqual({ HANDLED: 1 });

    await expect
      .poll(
        () =>
          getMessage.call(context, admin, { id: sent.id }).then(
            ({ status }) => status,
            () => null,
          ),
        SOON,
      )
      .toBe('HANDLED');
  });

  it('hears the service that has a token of its own', async () => {
    const billing = connect('billing', tokenOf('billing'));
    await billing.createTopics([{ name: 'invoices', partitions: 1 }]);
    await billing.subscribe({ group: 'billing', topics: ['payments', 'invoices'], handle: () => undefined });
    const sent = await billing.publish({
      topic: 'invoices',
      type: 'InvoiceSent',
      key: 'after',
      payload: {},
    });
    await expect.poll(() => statusIn(sent.id, 'billing').catch(() => null), SOON).toBe('HANDLED');
    const { service } = await getMessage.call(context, admin, { id: sent.id });
    expect(service).toBe('billing');
  });

  it('has messages that are what their facts add up to', async () => {
    await Promise.all(services.splice(0).map((item) => item.close()));
    const { messages, differed } = await rebuild(context.store, context.catalog, () => undefined);
    expect(differed).toEqual([]);
    const before = Object.values(expected.figures.messages).reduce((sum, count) => sum + count, 0);
    expect(messages).toBeGreaterThan(before);
  });
});
