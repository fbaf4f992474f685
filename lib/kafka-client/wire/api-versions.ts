import type { WireRequest } from './request';

/** Lowest and highest version of each request that a broker answers, by API key. */
export type ApiVersions = ReadonlyMap<number, { least: number; most: number }>;

/** ApiVersions v0, which every broker answers, also before sign-in. */
export const apiVersionsRequest: WireRequest<{ error: number; apis: ApiVersions }> = {
  apiKey: 18,
  apiName: 'ApiVersions',
  least: 0,
  most: 0,
  write: () => Buffer.alloc(0),
  read(reader) {
    const error = reader.int16();
    const apis = reader.array(
      () => [reader.int16(), { least: reader.int16(), most: reader.int16() }] as const,
    );
    return { error, apis: new Map(apis) };
  },
};

const [PRODUCE, FETCH] = [0, 1];

/** The release of a broker, derived from the versions it supports, since it reports none; measured on 2.8.2, 3.9.2 and 4.3.1. */
export function releaseOf(apis: ApiVersions): string {
  const fetch = apis.get(FETCH)?.most ?? 0;
  const produce = apis.get(PRODUCE)?.most ?? 0;
  if (fetch >= 18) return '4.1 or newer';
  if (fetch >= 17) return produce >= 12 ? '4.0' : '3.9';
  if (fetch >= 16) return '3.7 or 3.8';
  if (fetch >= 13) return '3.1 to 3.6';
  if (fetch >= 12) return '2.7 to 3.0';
  if (fetch >= 11) return '2.3 to 2.6';
  return 'before 2.3';
}
