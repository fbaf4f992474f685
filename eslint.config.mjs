import next from '@next/eslint-plugin-next';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import ts from 'typescript-eslint';
import { zones } from './scripts/import-zones.mjs';

/** LIKE, SIMILAR TO or a regular expression of a parameter, also within ANY or after a constant beginning. */
const PATTERN_OF_PARAMETER =
  "/(\\bI?LIKE|\\bSIMILAR\\s+TO|(?<![!<>=])~~?\\*?)\\s+((ANY|ALL)\\b\\s*)?\\(*\\s*('[^']*'\\s*\\|\\|\\s*)?(\\$\\d|lower|concat)/i";

/** A name that a user typed must not become a pattern; constants in the code may be one. */
const PATTERN_COMPARISONS = [
  {
    selector: "Property[key.name='mode'][value.value='insensitive']",
    message: 'This is ILIKE, in which % and _ stand for others. Compare folded names exactly (foldName).',
  },
  {
    selector: `TemplateElement[value.raw=${PATTERN_OF_PARAMETER}], Literal[value=${PATTERN_OF_PARAMETER}]`,
    message:
      'A parameter of LIKE is a pattern, in which % and _ stand for others. Compare exactly, or by a range.',
  },
  {
    selector: 'TemplateElement[value.raw=/\\bI?LIKE\\s*$/i]',
    message: 'What is put into LIKE is a pattern. Compare exactly, or by a range.',
  },
];

/** Names that a reader has to decode. */
const NAMES = [
  {
    selector: 'Identifier[name=/^(MOST|LEAST)_/]',
    message: 'A limit is named MAX_ or MIN_.',
  },
  {
    selector: ":function > Identifier.params[name='one'], VariableDeclarator > Identifier.id[name='one']",
    message: 'Name what it is: item, row, message, group ...',
  },
];

/** Rules of the wire that have one home each. */
const SECOND_HOMES = [
  {
    selector:
      "MemberExpression[computed=true][object.callee.property.name='split'][object.arguments.0.value='-']",
    message: 'The trace id of a traceparent is traceIdOf of lib/protocol/description.ts.',
  },
  {
    selector:
      "CallExpression[callee.property.name='toString'][callee.object.property.name='key'][arguments.0.value='utf8'], CallExpression[callee.property.name='toString'][callee.object.name='key'][arguments.0.value='utf8']",
    message: 'The text of a key is keyText of lib/protocol/key-text.ts.',
  },
  {
    selector: "BinaryExpression[operator='%'][right.name='partitions']",
    message:
      'The partition of a key is partitionOfKey of lib/brokers/key-hash.ts, or partitionFor of the port.',
  },
  {
    selector: "Literal[value='courier-id']",
    message: 'The names of headers are HEADER of lib/protocol/headers.ts.',
  },
  {
    selector: "CallExpression[callee.name='uuidV7From']",
    message: 'Ids computed from what they identify are of lib/protocol/derived-ids.ts; others are newUuidV7.',
  },
];

const OF_OPERATIONS = [
  {
    selector: "CallExpression[callee.object.name='z'][callee.property.name='string']",
    message:
      'Strings of inputs are text, words, format, ... of lib/protocol/strings.ts, which can be stored.',
  },
  {
    selector:
      "CallExpression[callee.name='defineOperation'] > ObjectExpression > Property[key.name='name'] > Literal:not([value=/^[a-z]+\\.[a-z]+(-[a-z]+)*$/])",
    message: 'An operation is named noun.verb-noun in kebab case, as in the audit.',
  },
  ...PATTERN_COMPARISONS,
  ...NAMES,
  ...SECOND_HOMES,
];

const PUBLIC = [
  {
    selector: "Property[key.name='permission'] > Literal[value='public']",
    message:
      'Nobody may ask without signing in, but for the operations that are listed in eslint.config.mjs.',
  },
];

const ROUTES = [
  {
    selector: 'ExportNamedDeclaration > FunctionDeclaration, ExportDefaultDeclaration, ExportAllDeclaration',
    message: 'A route exports what route() of lib/http/route.ts makes, so that each request is checked.',
  },
  {
    selector:
      'ExportNamedDeclaration > VariableDeclaration > VariableDeclarator:not([init.callee.name=/^(route|elsewhere)$/]):not([init.name="handler"])',
    message: 'A route exports what route() of lib/http/route.ts makes, so that each request is checked.',
  },
];

export default defineConfig([
  globalIgnores([
    '.next/**',
    '.courier/**',
    'lib/store/generated/**',
    'next-env.d.ts',
    'test-results/**',
    'playwright-report/**',
    'test/upgrade/release-*/sdk.mjs',
  ]),
  ts.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  { files: ['**/*.{js,mjs}'], extends: [ts.configs.disableTypeChecked] },
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { '@next/next': next, 'react-hooks': hooks, 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({ project: './tsconfig.json' }),
        createNodeResolver(),
      ],
    },
    rules: {
      ...next.configs.recommended.rules,
      ...next.configs['core-web-vitals'].rules,
      ...hooks.configs.recommended.rules,
      'import-x/no-cycle': ['error', { maxDepth: 3 }],
      'max-lines': ['error', { max: 400 }],
      'max-lines-per-function': ['error', { max: 100 }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'ExpressionStatement[directive="use server"]',
          message: 'No Server Actions: a change goes through app/api and an operation.',
        },
        ...PATTERN_COMPARISONS,
        ...NAMES,
        ...SECOND_HOMES,
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    ignores: ['**/*.test.ts', 'lib/testing/**', 'e2e/**', 'scripts/**'],
    rules: { 'import-x/no-restricted-paths': ['error', { zones }] },
  },
  {
    files: ['**/*.{ts,tsx}'],
    ignores: [
      'lib/brokers/kafka/**',
      'lib/sdk/**',
      'lib/testing/**',
      'test/referee/**',
      'bench/lag-sweep.ts',
      '**/*.test.ts',
    ],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'kafkajs',
              message:
                'kafkajs belongs to lib/sdk. Ask the broker port instead; lib/kafka-client speaks the protocol.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['lib/operations/**/*.ts', 'lib/protocol/**/*.ts'],
    ignores: ['lib/protocol/strings.ts', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...OF_OPERATIONS, ...PUBLIC] },
  },
  {
    // What anybody may ask without signing in: signing in and out, what the API is, and that an address is not there.
    files: ['lib/operations/sessions/sign-{in,out}.ts', 'lib/operations/api/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...OF_OPERATIONS] },
  },
  {
    files: ['app/api/**/route.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...PATTERN_COMPARISONS, ...NAMES, ...SECOND_HOMES, ...ROUTES],
    },
  },
  {
    // The homes themselves, and code that is not part of Courier.
    files: [
      'lib/protocol/headers.ts',
      'lib/protocol/uuid.ts',
      'lib/protocol/derived-ids.ts',
      'lib/brokers/key-hash.ts',
      '**/*.test.ts',
      'e2e/**',
      'bench/**',
      'demo/**',
    ],
    rules: { 'no-restricted-syntax': ['error', ...PATTERN_COMPARISONS, ...NAMES] },
  },
  {
    files: ['lib/**/*.ts', 'app/**/*.ts', 'demo/**/*.ts'],
    ignores: ['**/*.test.ts', 'lib/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'AbortSignal',
          property: 'any',
          message:
            'On Node 20 it leaves an entry at a signal that lives long: once for each request, for ever.',
        },
      ],
    },
  },
  {
    // A suite of tests is one function, and a bench is one sequence from its setup to its row.
    files: ['**/*.test.ts', 'e2e/**', 'test/**', 'bench/**', 'lib/testing/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  { files: ['app/**/route.ts'], rules: { '@typescript-eslint/require-await': 'off' } },
]);
