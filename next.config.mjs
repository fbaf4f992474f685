import createNextIntlPlugin from 'next-intl/plugin';

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  serverExternalPackages: ['kafkajs', 'kafkajs-snappy', 'lz4-napi', '@mongodb-js/zstd', 'pg-copy-streams'],
  // Types are checked once, by `npm test`; a build for the demo should not take twice as long.
  typescript: { ignoreBuildErrors: true },
};

export default createNextIntlPlugin('./i18n/request.ts')(config);
