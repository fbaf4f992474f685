import { LOCALE_COOKIE, type Locale } from '@/lib/values/locale';

/** Keeps the chosen language for a year; the page has to be asked for anew to show it. */
export function chooseLanguage(locale: Locale): void {
  document.cookie = `${LOCALE_COOKIE}=${locale}; path=/; max-age=31536000; samesite=lax`;
}
