'use client';

import './global-error.css';
import { useEffect, useSyncExternalStore } from 'react';
import { chooseLocale, LOCALE_COOKIE } from '@/lib/values/locale';

/** This page replaces the whole console, its translations included, so it has texts of its own. */
const WORDS = {
  en: {
    title: 'The console failed',
    hint: 'Something failed inside Courier before a page could be made. Nothing was changed by it. This page tries again by itself every ten seconds.',
    reference: 'Reference',
    again: 'Try again',
  },
  'zh-CN': {
    title: '控制台出错',
    hint: '在生成页面之前 Courier 内部出错，没有更改任何内容。此页面每十秒自动重试一次。',
    reference: '编号',
    again: '重试',
  },
} as const;
const AGAIN_MS = 10_000;

export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  const locale = useSyncExternalStore(
    () => () => undefined,
    localeOfBrowser,
    () => 'en' as const,
  );
  useEffect(() => {
    const timer = setTimeout(() => location.reload(), AGAIN_MS);
    return () => clearTimeout(timer);
  }, []);
  const words = WORDS[locale];
  return (
    <html lang={locale}>
      <body className="brokenConsole">
        <title>{words.title}</title>
        <main>
          <h1>{words.title}</h1>
          <p>{words.hint}</p>
          {error.digest ? (
            <p>
              {words.reference} <code>{error.digest}</code>
            </p>
          ) : null}
          <button type="button" onClick={() => location.reload()}>
            {words.again}
          </button>
        </main>
      </body>
    </html>
  );
}

function localeOfBrowser(): keyof typeof WORDS {
  const chosen = new RegExp(`(?:^|; )${LOCALE_COOKIE}=([^;]*)`).exec(document.cookie)?.[1];
  return chooseLocale(chosen, navigator.language);
}
