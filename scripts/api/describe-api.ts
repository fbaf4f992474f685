import { rolesWith } from '../../lib/domain/operators/permissions';
import { ERROR_STATUS } from '../../lib/errors';
import { readRoutes, type FoundRoute } from './read-routes';
import { readContract, type Contract, type ContractEntry, type JsonSchema } from './schema-of-type';

export interface ApiDescription {
  /** `lib/contract/openapi.json`. */
  openapi: string;
  /** `docs/api.md`. */
  page: string;
  /** Differences between the routes and the contract. */
  problems: string[];
}

/** Describes the console's API from its contract and its routes. */
export async function describeApi(): Promise<ApiDescription> {
  const contract = readContract();
  const routes = await readRoutes();
  const problems = routes
    .filter((route) => route.endpoint !== `${route.method} ${route.path}`)
    .map((route) => `${route.file}: ${route.method} is the route of ${route.endpoint ?? 'no endpoint'}`);
  const known = new Set(routes.map(({ endpoint }) => endpoint));
  for (const endpoint of contract.endpoints.keys())
    if (!known.has(endpoint)) problems.push(`lib/contract/api.ts: ${endpoint} has no route`);
  const endpoints = routes.flatMap((route) => {
    const entry = contract.endpoints.get(route.endpoint ?? '');
    return entry ? [{ route, entry }] : [];
  });
  return { openapi: openapiOf(endpoints, contract), page: pageOf(endpoints, contract), problems };
}

interface Described {
  route: FoundRoute;
  entry: ContractEntry;
}

/** Adds the limits that the operation checks to the contract's schema of a field. */
function withLimits(schema: JsonSchema, limits: JsonSchema | undefined): JsonSchema {
  const taken = ['minimum', 'maximum', 'maxLength', 'minLength', 'minItems', 'maxItems', 'format', 'default'];
  const own = Object.fromEntries(Object.entries(limits ?? {}).filter(([name]) => taken.includes(name)));
  return { ...schema, ...own };
}

function openapiOf(endpoints: Described[], { types }: Contract): string {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const { route, entry } of endpoints) {
    const parameters = [
      ...[...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...Object.entries((entry.query?.properties ?? {}) as Record<string, JsonSchema>).map(
        ([name, { description, ...schema }]) => ({
          name,
          in: 'query',
          ...(description === undefined ? {} : { description }),
          required: ((entry.query?.required ?? []) as string[]).includes(name),
          schema: withLimits(schema, route.input[name]),
        }),
      ),
    ];
    const isText = entry.answer.type === 'string';
    paths[route.path] = {
      ...paths[route.path],
      [route.method.toLowerCase()]: {
        operationId: `${route.method} ${route.path}`.replace(/\W+/g, '-').toLowerCase(),
        summary: entry.description,
        description: `Operation \`${route.operation}\`. Allowed: ${whoMay(route)}.`,
        ...(parameters.length > 0 ? { parameters } : {}),
        ...(entry.body ? { requestBody: { content: { 'application/json': { schema: entry.body } } } } : {}),
        responses: {
          [route.status]: {
            description: 'The answer.',
            content: {
              [isText ? 'application/octet-stream' : 'application/json']: { schema: answerOf(entry, types) },
            },
          },
          default: { $ref: '#/components/responses/Error' },
        },
        ...(route.permission === 'public' ? { security: [] } : {}),
      },
    };
  }
  const document = {
    openapi: '3.1.0',
    info: { title: 'Courier', version: '0', description: STABILITY },
    security: [{ session: [] }],
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'courier-session' } },
      responses: {
        Error: {
          description: 'What was wrong, where, what is allowed, and what to do.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
      schemas: {
        Error: ERROR_SCHEMA,
        ...Object.fromEntries(types),
      },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** Every object has `can`, what its reader may do: its own, or the one of the reader's role. */
function answerOf({ answer }: ContractEntry, types: Contract['types']): JsonSchema {
  if (answer.type === 'string') return answer;
  const name = /[^/]*$/.exec((answer.$ref ?? '') as string)?.[0] ?? '';
  const { properties } = (types.get(name) ?? answer) as { properties?: JsonSchema };
  if (properties?.can !== undefined || !types.has('Ability')) return answer;
  const ability = { $ref: '#/components/schemas/Ability' };
  const can = {
    type: 'object',
    properties: { retry: ability, publish: ability, configure: ability },
    required: ['retry', 'publish', 'configure'],
  };
  return { allOf: [answer, { type: 'object', properties: { can }, required: ['can'] }] };
}

function whoMay({ permission }: FoundRoute): string {
  return permission === 'public' ? 'everybody' : rolesWith(permission).join(', ');
}

const ERROR_SCHEMA = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
        message: { type: 'string' },
        details: { type: 'object' },
      },
      required: ['code', 'message', 'details'],
    },
  },
  required: ['error'],
};

const STABILITY =
  "The console's API. Until release 1.0 it may change with any release; CHANGELOG.md says how. The intake's /v1 and the facts of lib/protocol do not change incompatibly.";

function pageOf(endpoints: Described[], { types }: Contract): string {
  const nouns = new Map<string, Described[]>();
  for (const described of endpoints) {
    const noun = described.route.path.split('/')[2] ?? '';
    nouns.set(noun, [...(nouns.get(noun) ?? []), described]);
  }
  return `# The API of the console

Made from \`lib/contract/\` and \`app/api/\` by \`npm run docs:api\`; the same as OpenAPI 3.1 is at \`GET /api/openapi.json\`.

${STABILITY}

- Sign in with \`POST /api/session\` and send the cookie of its answer with each request.
- \`?cluster=<name>\` asks about that cluster; without it, the first of \`COURIER_BROKERS\`.
- Bodies are JSON. Times are ISO 8601, offsets are decimal text. Lists in a query repeat their name, or separate values by commas.
- Every object that is answered has a \`can\`: what the one who asked may do.
- An error is answered as \`{ "error": { "code", "message", "details" } }\`, with the status of its code:
  ${Object.entries(ERROR_STATUS)
    .map(([code, status]) => `\`${code}\` ${status}`)
    .join(', ')}.

${[...nouns].map(([noun, list]) => `## ${noun}\n\n${list.map(sectionOf).join('\n')}`).join('\n')}
## Types

\`\`\`ts
${[...types].map(([name, schema]) => declarationOf(name, schema)).join('\n\n')}
\`\`\`
`;
}

function sectionOf({ route, entry }: Described): string {
  const fields = Object.entries((entry.query?.properties ?? {}) as Record<string, JsonSchema>);
  const required = (entry.query?.required ?? []) as string[];
  const rows = fields.map(([name, schema]) => {
    const limited = withLimits(schema, route.input[name]);
    const said = typeof limited.description === 'string' ? limited.description : '';
    return `| \`${name}\`${required.includes(name) ? ' (required)' : ''} | ${typeText(limited)} | ${limitsText(limited)} | ${said} |`;
  });
  return `### \`${route.method} ${route.path}\`

${entry.description} \`${route.operation}\`; allowed: ${whoMay(route)}.
${rows.length > 0 ? `\n| query | type | limits | |\n|---|---|---|---|\n${rows.join('\n')}\n` : ''}${entry.body ? `\nBody: ${typeText(entry.body)}.\n` : ''}
Answers ${route.status}: ${typeText(entry.answer)}.
`;
}

/** A schema in as few words as a table has room for. */
function typeText(schema: JsonSchema): string {
  if (typeof schema.$ref === 'string') return `\`${schema.$ref.replace(/.*\//, '')}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((item) => `\`${String(item)}\``).join(', ');
  if (Array.isArray(schema.anyOf))
    return (schema.anyOf as JsonSchema[]).map((item) => typeText(item)).join(' or ');
  if (schema.type === 'array') return `list of ${typeText((schema.items ?? {}) as JsonSchema)}`;
  if (schema.type === 'string' && schema.format === 'binary') return 'a file';
  if (schema.type !== 'object') return String(schema.type);
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  if (properties.length === 0) return 'an object';
  const required = (schema.required ?? []) as string[];
  return `{ ${properties.map(([name, item]) => `${name}${required.includes(name) ? '' : '?'}: ${typeText(item)}`).join('; ')} }`;
}

/** A type in TypeScript syntax; comments add what it lacks, such as `integer`. */
function declarationOf(name: string, schema: JsonSchema): string {
  const comment = typeof schema.description === 'string' ? `/** ${schema.description} */\n` : '';
  const isPlain = schema.type === 'object' && schema.additionalProperties === undefined;
  return `${comment}${isPlain ? `interface ${name} ${codeText(schema, '')}` : `type ${name} = ${codeText(schema, '')};`}`;
}

function codeText(schema: JsonSchema, indent: string): string {
  const { anyOf, items, prefixItems, additionalProperties } = schema as {
    anyOf?: JsonSchema[];
    items?: JsonSchema;
    prefixItems?: JsonSchema[];
    additionalProperties?: JsonSchema;
  };
  if (typeof schema.$ref === 'string') return schema.$ref.replace(/.*\//, '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (anyOf) return anyOf.map((part) => codeText(part, indent)).join(' | ');
  if (prefixItems) return `[${prefixItems.map((item) => codeText(item, indent)).join(', ')}]`;
  if (items) {
    const text = codeText(items, indent);
    return text.includes(' | ') ? `(${text})[]` : `${text}[]`;
  }
  if (schema.type !== 'object') return String(schema.type);
  if (additionalProperties) return `Record<string, ${codeText(additionalProperties, indent)}>`;
  const required = (schema.required ?? []) as string[];
  const inner = `${indent}  `;
  const lines = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).map(
    ([name, property]) => {
      const comment =
        typeof property.description === 'string' ? `${inner}/** ${property.description} */\n` : '';
      return `${comment}${inner}${name}${required.includes(name) ? '' : '?'}: ${codeText(property, inner)};`;
    },
  );
  return lines.length > 0 ? `{\n${lines.join('\n')}\n${indent}}` : '{}';
}

function limitsText(schema: JsonSchema): string {
  const text = (name: string): string => JSON.stringify(schema[name]) ?? '';
  const [minimum, maximum, length, items] = ['minimum', 'maximum', 'maxLength', 'maxItems'].map(text);
  return [
    minimum || maximum ? `${minimum} to ${maximum}` : '',
    length ? `at most ${length} characters` : '',
    items ? `at most ${items}` : '',
    schema.default === undefined || Array.isArray(schema.default) ? '' : `default ${text('default')}`,
  ]
    .filter(Boolean)
    .join(', ');
}
