export const LOCALES = ['en', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];

/** Cookie that keeps the chosen language. */
export const LOCALE_COOKIE = 'courier-language';

/** The chosen language, else the first one that the browser requests and Courier supports, else English. */
export function chooseLocale(chosen: string | undefined, accepted: string | null): Locale {
  const known = LOCALES.find((locale) => locale === chosen);
  if (known) return known;
  for (const part of (accepted ?? '').split(',')) {
    const language = part.split(';')[0]?.trim().toLowerCase() ?? '';
    if (language.startsWith('zh')) return 'zh-CN';
    if (language.startsWith('en')) return 'en';
  }
  return 'en';
}
