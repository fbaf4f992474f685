import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import en from '../messages/en.json';
import zh from '../messages/zh-CN.json';
import { chooseLocale, LOCALE_COOKIE } from '../lib/values/locale';

const WORDS = { en, 'zh-CN': zh };

/** The language of a request: what was chosen, else what the browser asks for. Times are shown in UTC everywhere. */
export default getRequestConfig(async () => {
  const locale = chooseLocale(
    (await cookies()).get(LOCALE_COOKIE)?.value,
    (await headers()).get('accept-language'),
  );
  return { locale, messages: WORDS[locale], timeZone: 'UTC' };
});
