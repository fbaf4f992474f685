import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { describeApi, type ApiDescription } from './describe-api';

let described: ApiDescription;
beforeAll(async () => {
  described = await describeApi();
}, 60_000);

it('finds a route for every endpoint of the contract, and none beside them', () => {
  expect(described.problems).toEqual([]);
});

it('stands in the repository as the contract and the routes have it: run npm run docs:api', () => {
  expect(readFileSync('lib/contract/openapi.json', 'utf8')).toBe(described.openapi);
  expect(readFileSync('docs/api.md', 'utf8')).toBe(described.page);
});

it('types every answer, and refers only to types that it has', () => {
  const document = JSON.parse(described.openapi) as { components: { schemas: Record<string, unknown> } };
  const named = [...described.openapi.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((name) => !(name! in document.components.schemas))).toEqual([]);
});
