import { readdirSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { RouteHandler } from '../../lib/http/route';
import type { Permission } from '../../lib/domain/operators/permissions';
import type { JsonSchema } from './schema-of-type';

const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

/** One handler of `app/api`, with what its operation demands. */
export interface FoundRoute {
  file: string;
  method: string;
  /** As in the contract: `/api/groups/{name}`. */
  path: string;
  endpoint: string | null;
  operation: string;
  permission: Permission;
  status: number;
  /** Limits and defaults of the operation's input, by the name of the field. */
  input: Record<string, JsonSchema>;
}

/** Imports every route of `app/api` but the one that answers unknown addresses. */
export async function readRoutes(): Promise<FoundRoute[]> {
  const files = readdirSync('app/api', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('route.ts') && !file.startsWith('[...'))
    .sort();
  const found: FoundRoute[] = [];
  for (const file of files) {
    const exported = (await import(path.resolve('app/api', file))) as Partial<Record<string, RouteHandler>>;
    const folder = path.dirname(file).split(path.sep).join('/');
    for (const method of METHODS) {
      const handler = exported[method];
      if (!handler) continue;
      const { operation, endpoint, status } = handler;
      const { properties } = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' });
      found.push({
        file: `app/api/${folder}/route.ts`,
        method,
        path: `/api/${folder.replace(/\[(\w+)\]/g, '{$1}')}`,
        endpoint,
        operation: operation.name,
        permission: operation.permission,
        status,
        input: (properties ?? {}) as Record<string, JsonSchema>,
      });
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
