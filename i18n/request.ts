import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { allWords } from './words';
import { chooseLocale, LOCALE_COOKIE } from '../lib/values/locale';

/** The language of a request: what was chosen, else what the browser asks for. Times are shown in UTC everywhere. */
export default getRequestConfig(async () => {
  const locale = chooseLocale(
    (await cookies()).get(LOCALE_COOKIE)?.value,
    (await headers()).get('accept-language'),
  );
  return { locale, messages: allWords(locale), timeZone: 'UTC' };
});
