import { request } from 'node:http';
import net from 'node:net';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { newId } from '@/lib/testing/facts';
import { ask, signIn } from './courier';

const target = inject('target');

/** Sends a request with its target as given, since a client would normalize it. */
function raw(path: string, more: { method?: string; headers?: Record<string, string> } = {}) {
  const { hostname, port } = new URL(target.console);
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const sent = request(
        { hostname, port, path, method: more.method ?? 'GET', headers: more.headers ?? {} },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
          );
        },
      );
      sent.on('error', reject).end();
    },
  );
}

/** Returns the answer to these bytes, until the connection ends or is idle for two seconds. */
function overSocket(text: string, base = target.console): Promise<string> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(Number(port), hostname, () => socket.write(text));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString()));
    socket.on('error', reject).on('close', () => resolve(answer));
  });
}

describe('the console under attack', () => {
  let cookie = '';
  beforeAll(async () => {
    ({ cookie } = await signIn(target, 'admin', target.password));
  });

  it('answers what cannot be stored with 400, wherever it stands (F15)', async () => {
    const bad = ['%00', '%ED%A0%80'.replace('%ED%A0%80', '%EF%BF%BD%00')];
    const paths = bad.flatMap((text) => [
      `/api/search?q=${text}`,
      ...['group', 'topic', 'type', 'key', 'service', 'error', 'q'].map(
        (name) => `/api/messages?${name}=${text}`,
      ),
      `/api/messages/export?format=csv&group=${text}`,
      `/api/groups/${text}`,
      `/api/groups/${text}/lag`,
      `/api/topics/${text}`,
      `/api/topics/${text}/browse`,
      `/api/failures/${text}/a/b`,
    ]);
    for (const path of paths) expect((await ask(target.console + path, { cookie })).status, path).toBe(400);
    const id = newId();
    const bodies: [string, string, unknown][] = [
      ['POST', '/api/retries', '{"messageId":"x","groups":["a\\ud800"]}'],
      ['POST', '/api/retries', { messageId: id, groups: ['a'], reason: '\0' }],
      ['POST', '/api/retries/many', { selected: { group: '\0', messageIds: [id] } }],
      ['PUT', '/api/topics/x', { indexed: true, idHeaders: ['\0'], bodyPolicy: 'none' }],
      ['POST', '/api/topics/x/test', { key: '\0', payload: null }],
      ['POST', '/api/topics/x/test', { type: '\0', payload: null }],
      ['POST', '/api/topics/x/test', { payload: 'a\0b' }],
      ['POST', '/api/tokens', { name: 'a\0' }],
      ['POST', '/api/session', { name: 'a\0', password: 'x' }],
    ];
    for (const [method, path, body] of bodies)
      expect(
        (await ask(target.console + path, { method, cookie, body })).status,
        `${path} ${JSON.stringify(body)}`,
      ).toBe(400);
    expect((await ask(`${target.console}/api/messages?group=fine`, { cookie })).status).toBe(200);
  });

  it('answers malformed targets and methods with 400, without an inner error (F18, F19)', async () => {
    for (const path of ['/groups/%', '/api/messages/%ff', '/%E0%A4%A', '*', 'http://evil.example/'])
      expect((await raw(path)).status, path).toBe(400);
    for (const method of ['TRACE', 'PROPFIND'])
      expect((await raw('/any', { method })).status, method).toBe(400);
  });

  it('answers HEAD like GET (F20)', async () => {
    for (const path of [
      '/api/session',
      '/api/messages',
      '/api/groups',
      '/api/settings',
      '/healthz',
      '/overview',
    ]) {
      const [head, get] = [
        await ask(target.console + path, { method: 'HEAD', cookie }),
        await ask(target.console + path, { cookie }),
      ];
      expect(head.status, path).toBe(get.status);
      expect(head.text).toBe('');
    }
  });

  it('names no cluster to strangers (F21)', async () => {
    const stranger = await ask(`${target.console}/api/groups?cluster=zzz`);
    expect(stranger.status).toBe(401);
    expect(stranger.text).not.toContain('embedded');
    const operator = await ask(`${target.console}/api/groups?cluster=zzz`, { cookie });
    expect(operator.body.error?.message).toContain('there is embedded');
  });

  it('has its security headers on every answer, once (F25)', async () => {
    for (const path of [
      '/sign-in',
      '/overview',
      '/healthzfoo',
      '/icon.svgx',
      '/icon.svg',
      '/_next/image',
      '/api/nothing',
      '/api/groups',
      '/healthz',
    ]) {
      const { headers } = await ask(target.console + path, { headers: { 'x-forwarded-proto': 'https' } });
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy.match(/default-src/g), path).toHaveLength(1);
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('referrer-policy'), path).toBe('no-referrer');
      expect(headers.get('strict-transport-security'), path).toBe('max-age=31536000');
    }
    const nothing = await ask(`${target.console}/api/nothing`);
    expect(nothing).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  it('refuses in its own words, with its own headers, what Node would refuse by itself (F25)', async () => {
    const host = `Host: localhost`;
    for (const [what, status, lines] of [
      ['no HTTP', 400, ['nonsense']],
      ['two hosts', 400, ['GET /sign-in HTTP/1.1', host, 'Host: evil.example']],
      ['no host', 421, ['GET /sign-in HTTP/1.1']],
      ['an absolute target', 400, ['GET http://evil.example/sign-in HTTP/1.1', host]],
      ['headers without end', 431, ['GET /sign-in HTTP/1.1', host, `x: ${'x'.repeat(20_000)}`]],
      ['an expectation', 417, ['GET /sign-in HTTP/1.1', host, 'Expect: wonders']],
      ['two lengths', 400, ['POST /api/session HTTP/1.1', host, 'Content-Length: 1', 'Content-Length: 2']],
      ['control', 200, ['GET /sign-in HTTP/1.1', host, 'Connection: close']],
      [
        'control, an expectation',
        200,
        ['GET /sign-in HTTP/1.1', host, 'Expect: 100-continue', 'Connection: close'],
      ],
      [
        'control, another protocol',
        200,
        ['GET /sign-in HTTP/1.1', host, 'Connection: Upgrade, close', 'Upgrade: x'],
      ],
    ] as const) {
      const answer = (await overSocket(`${lines.join('\r\n')}\r\n\r\n`)).replace(
        /^HTTP\/1.1 100.*?\r\n\r\n/s,
        '',
      );
      expect(answer, what).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer.toLowerCase(), what).toContain('x-content-type-options: nosniff');
      expect(answer.toLowerCase(), what).toContain('referrer-policy: no-referrer');
      if (status !== 200) expect(answer, what).toContain('{"error":{"code":');
    }
  });

  it('takes changes by the API alone, whatever a page would make of them (F19)', async () => {
    for (const [path, headers] of [
      ['/overview', { 'next-action': 'x'.repeat(40), 'content-type': 'text/plain;charset=UTF-8' }],
      ['/sign-in', { 'content-type': 'multipart/form-data; boundary=x' }],
      ['/', {}],
    ] as const) {
      const answer = await raw(path, { method: 'POST', headers });
      expect(answer.status, path).toBe(405);
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: 'method_not_allowed' } });
    }
  });

  it('has its headers and its words at the intake and the worker as well (F18, F25)', async () => {
    for (const base of [target.intake, target.worker]) {
      const { hostname, port } = new URL(base);
      const at = (path: string, method = 'GET') =>
        new Promise<{ status: number; headers: Record<string, unknown> }>((resolve, reject) =>
          request({ hostname, port, path, method }, (response) => {
            response.resume();
            resolve({ status: response.statusCode ?? 0, headers: response.headers });
          })
            .on('error', reject)
            .end(),
        );
      for (const [path, method] of [
        ['*', 'GET'],
        ['/%ff', 'GET'],
        ['/healthz', 'TRACE'],
      ] as const)
        expect((await at(path, method)).status, `${base} ${method} ${path}`).toBe(400);
      const { headers } = await at('/nothing');
      expect(headers).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(await overSocket('GET nonsense\r\n\r\n', base)).toMatch(
        /^HTTP\/1.1 400 .*"code":"invalid_input"/s,
      );
    }
  });

  it('answers to its own names alone, whatever protocol is asked for (F27)', async () => {
    const answer = await overSocket(
      [
        'GET /sign-in HTTP/1.1',
        'Host: evil.example',
        'Connection: Upgrade',
        'Upgrade: websocket',
        '',
        '',
      ].join('\r\n'),
    );
    expect(answer).toMatch(/^HTTP\/1.1 421 /);
  });

  it('answers to its own names alone, the metrics too (F27)', async () => {
    const evil = { host: 'evil.example', origin: 'http://evil.example' };
    const refused = await raw('/sign-in', { headers: evil });
    expect(refused.status).toBe(421);
    expect(refused.text).toContain('COURIER_ALLOWED_HOSTS');
    const { port } = new URL(target.console);
    expect((await raw('/sign-in', { headers: { host: `localhost:${port}` } })).status).toBe(200);
    const worker = new URL(target.worker);
    const metrics = await new Promise<number>((resolve) =>
      request(
        { hostname: worker.hostname, port: worker.port, path: '/metrics', headers: { host: 'evil.example' } },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      ).end(),
    );
    expect(metrics).toBe(421);
    expect((await ask(`${target.worker}/metrics`)).status).toBe(200);
  });

  it('has pages for groups and failures by names that are steps of an address (F30)', async () => {
    const { tokens } = target;
    const join = (group: string) => ({
      group,
      member: 'm',
      clientId: 'c',
      host: 'h',
      topics: ['steps'],
      fromBeginning: true,
    });
    for (const group of ['.', '..', '__proto__']) {
      expect(
        (
          await ask(`${target.intake}/v1/broker/join`, {
            token: tokens['payment-service'],
            body: join(group),
          })
        ).status,
      ).toBe(200);
      const segment = group.replaceAll('.', '~2E');
      await expect
        .poll(async () => (await ask(`${target.console}/api/groups/${segment}`, { cookie })).body.name, {
          timeout: 20_000,
        })
        .toBe(group);
    }
  });
});
