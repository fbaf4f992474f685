import createNextIntlPlugin from 'next-intl/plugin';

// The pages' own come with a nonce for each, in proxy.ts. Nothing that the API answers is a page.
const API_HEADERS = Object.entries({
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
}).map(([key, value]) => ({ key, value }));

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  headers: () => [{ source: '/api/:path*', headers: API_HEADERS }],
  images: { unoptimized: true },
  serverExternalPackages: ['kafkajs', 'kafkajs-snappy', 'lz4-napi', '@mongodb-js/zstd', 'pg-copy-streams'],
  // Types are checked once, by `npm test`; a build for the demo should not take twice as long.
  typescript: { ignoreBuildErrors: true },
};

export default createNextIntlPlugin('./i18n/request.ts')(config);
