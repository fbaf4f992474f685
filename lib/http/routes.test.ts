import { describe, expect, it } from 'vitest';
import { abilitiesOf, mayDo, rolesWith } from '@/lib/domain/operators/permissions';
import { safePath } from '@/lib/values/safe-path';
import { readSettings } from '@/lib/config';
import { checkOrigin } from './origin';
import { sessionTokens, signedInCookies } from './session-cookie';

describe('routes', () => {
  it('allow nobody what is not listed', () => {
    expect(mayDo('anonymous', 'messages.read')).toBe(false);
    expect(mayDo('service', 'retries.create')).toBe(false);
    expect(rolesWith('retries.create')).toEqual(['administrator']);
    expect(abilitiesOf('administrator').retry).toEqual({ allowed: true, why: null, who: ['administrator'] });
    expect(abilitiesOf('service').retry).toMatchObject({ allowed: false, why: 'not_permitted' });
  });
});

describe('a change', () => {
  const request = (headers: Record<string, string | undefined>) =>
    new Request('http://courier.local/api/retries', {
      method: 'POST',
      headers: JSON.parse(JSON.stringify({ host: 'courier.local', ...headers })) as Record<string, string>,
    });
  const settings = readSettings({});
  it("is taken from the console's own pages and from programs", () => {
    for (const headers of [
      { origin: 'http://courier.local' },
      {},
      { 'sec-fetch-site': 'same-origin', origin: 'http://courier.local' },
    ]) {
      expect(() => checkOrigin(request(headers), settings)).not.toThrow();
    }
  });
  it('is refused from anywhere else', () => {
    for (const headers of [
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'http://courier.local.evil.example' },
    ]) {
      expect(() => checkOrigin(request(headers), settings), JSON.stringify(headers)).toThrow(
        /not from this console/,
      );
    }
  });
  it('is measured by the public address behind a proxy', () => {
    const behind = readSettings({ COURIER_PUBLIC_URL: 'https://courier.example' });
    expect(() => checkOrigin(request({ origin: 'https://courier.example' }), behind)).not.toThrow();
    expect(() => checkOrigin(request({ origin: 'http://courier.local' }), behind)).toThrow();
  });
});

describe('the session cookie', () => {
  const installation = { id: '0f8f1c2a-1111-4111-8111-111111111111' };
  const https = { settings: readSettings({ COURIER_PUBLIC_URL: 'https://courier.example' }), installation };
  const plain = { settings: readSettings({}), installation };
  const headers = (cookie: string, more: Record<string, string> = {}) => new Headers({ cookie, ...more });
  const signedIn = { token: 'abc', devices: '1.d.s' };

  it('is bound to the host and never sent in the clear under https', () => {
    expect(signedInCookies(headers(''), https, signedIn)).toEqual([
      '__Host-courier-session-0f8f1c2a=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=28800',
      '__Host-courier-devices-0f8f1c2a=1.d.s; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=31536000',
    ]);
    expect(signedInCookies(headers(''), plain, signedIn)[0]).toBe(
      'courier-session-0f8f1c2a=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=28800',
    );
  });

  it('is read the same by pages and by the API, whichever of several stands first, and never as that of another Courier', () => {
    const two = headers(
      'courier-session-0f8f1c2a=a; x=y; courier-session-0f8f1c2a=b; courier-session-99999999=c',
    );
    expect(sessionTokens(two, plain)).toEqual(['a', 'b']);
    expect(sessionTokens(headers('courier-session=old'), plain)).toEqual(['old']);
    expect(sessionTokens(headers('courier-session-0f8f1c2a='), plain)).toEqual([]);
    for (const proto of ['https', 'https, https', 'HTTPS,http']) {
      const secure = headers('__Host-courier-session-0f8f1c2a=a', { 'x-forwarded-proto': proto });
      expect(sessionTokens(secure, plain), proto).toEqual(['a']);
    }
    expect(sessionTokens(headers('__Host-courier-session-0f8f1c2a=a'), plain)).toEqual([]);
  });
});

describe('where sign-in leads to', () => {
  it.each([
    ['/messages/1?tab=facts', '/messages/1?tab=facts'],
    ['//evil.example', '/overview'],
    ['/\\evil.example', '/overview'],
    ['https://evil.example', '/overview'],
    ['javascript:alert(1)', '/overview'],
    [undefined, '/overview'],
    ['/', '/overview'],
  ])('%s', (to, path) => {
    expect(safePath(to)).toBe(path);
  });
});
