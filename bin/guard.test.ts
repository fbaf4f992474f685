import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { allowedHosts, refusal } from './guard.mjs';

const ask = (
  host: string | undefined,
  env: Record<string, string> = {},
  more: { method?: string; url?: string } = {},
) =>
  refusal(
    { method: 'GET', url: '/', headers: host === undefined ? {} : { host }, ...more },
    allowedHosts(env),
  )?.status ?? null;

describe('the guard of the console', () => {
  it('answers to its own names alone', () => {
    for (const host of [
      'localhost',
      'LOCALHOST:3000',
      '127.0.0.1:3000',
      '10.1.2.3',
      '[::1]:3000',
      `${hostname()}:1`,
    ])
      expect(ask(host), host).toBeNull();
    for (const host of [
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '',
      undefined,
      '[evil]',
    ])
      expect(ask(host), String(host)).toBe(421);
  });

  it('answers to the names of the settings', () => {
    const hosts = { COURIER_ALLOWED_HOSTS: 'courier.internal, *.example.com' };
    for (const host of ['courier.internal', 'Courier.Internal:3000', 'a.example.com', 'localhost'])
      expect(ask(host, hosts), host).toBeNull();
    for (const host of ['example.com', 'evilexample.com', 'xcourier.internal'])
      expect(ask(host, hosts), host).toBe(421);
    expect(ask('courier.example', { COURIER_PUBLIC_URL: 'https://courier.example:8443/x' })).toBeNull();
    expect(ask('anything', { COURIER_ALLOWED_HOSTS: '*' })).toBeNull();
  });

  it('refuses methods and targets that are none, and lets probes through whatever they call it', () => {
    for (const method of ['TRACE', 'TRACK', 'PROPFIND', 'FOO'])
      expect(ask('localhost', {}, { method }), method).toBe(400);
    for (const url of [
      '*',
      'http://evil.example/',
      '//evil.example',
      '/groups/%',
      '/api/messages/%ff',
      '/%E0%A4%A',
    ])
      expect(ask('localhost', {}, { url }), url).toBe(400);
    for (const url of ['/groups/%25', '/groups/%E6%94%AF?q=%', '/?a=%'])
      expect(ask('localhost', {}, { url }), url).toBeNull();
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect(ask('localhost', {}, { method, url: '/api/groups' }), method).toBeNull();
    // Pages are only read.
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
      expect(ask('localhost', {}, { method, url: '/overview' }), method).toBe(405);
    for (const method of ['GET', 'HEAD', 'OPTIONS'])
      expect(ask('localhost', {}, { method, url: '/overview' }), method).toBeNull();
    expect(ask('evil.example', {}, { url: '/healthz' })).toBeNull();
  });
});
