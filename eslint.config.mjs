import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Who may import whom: lower levels only, never a neighbour. See docs/architecture.md. */
const LEVELS = [
  ['kernel'],
  ['platform', 'edge-core'],
  ['tenancy', 'carriers', 'webhooks'],
  ['ledger'],
  ['rating', 'people', 'regulatory'],
  ['trunks', 'cdr'],
  ['numbers'],
  ['channels', 'identity', 'emergency'],
  ['edge'],
  ['billing', 'porting'],
  ['app'],
];
const tag = (name) => `domain:${name}`;
const byLevel = LEVELS.flatMap((names, level) =>
  names.map((name) => ({ sourceTag: tag(name), onlyDependOnLibsWithTags: LEVELS.slice(0, level).flat().map(tag) })),
);
/** The edge agent runs alone beside Kamailio: the contract and the kernel, no database and no framework. */
const agent = {
  sourceTag: tag('edge-agent'),
  onlyDependOnLibsWithTags: [tag('edge-core'), tag('kernel')],
  bannedExternalImports: ['@nestjs/*', '@prisma/*', 'bullmq', 'pg'],
};
/** The client stands alone, and the command line on the client: both are published. */
const published = [
  { sourceTag: tag('client'), onlyDependOnLibsWithTags: [] },
  { sourceTag: tag('cli'), onlyDependOnLibsWithTags: [tag('client')] },
];
const testing = { sourceTag: tag('testing'), onlyDependOnLibsWithTags: [tag('kernel'), tag('platform'), tag('edge-core')] };

/** The stories of the worker are told through the API. */
const API_HARNESS = 'api/test/harness\\.ts$';

const boundaries = (alsoAllowed = [], allow = []) => [
  'error',
  {
    allow,
    // the specs of what it stands on use it in turn
    ignoredCircularDependencies: testing.onlyDependOnLibsWithTags.map((lower) => ['@trunkline/testing', `tag:${lower}`]),
    depConstraints: [...byLevel, agent, testing, ...published].map((constraint) => ({
      ...constraint,
      onlyDependOnLibsWithTags: [...constraint.onlyDependOnLibsWithTags, ...alsoAllowed],
    })),
  },
];

const UNSAFE_SQL = {
  selector: 'MemberExpression[property.name=/^\\$(query|execute)RawUnsafe$/]',
  message: 'SQL is typed and takes parameters: no string is put together here',
};
const ENVIRONMENT = {
  selector: "MemberExpression[object.name='process'][property.name='env'], VariableDeclarator[init.name='process']",
  message: "the environment is parsed once, in the app's config.ts",
};
const OWN_TIME = {
  selector:
    "NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date'], CallExpression[callee.object.name='Date'][callee.property.name='now']",
  message: 'pure code gets its time from a Clock',
};

const TESTS = ['**/*.spec.ts', '**/test/**/*.ts'];
const IMPURE_PACKAGES = [
  '@nestjs/*',
  '@prisma/*',
  'bullmq',
  'ioredis',
  'stripe',
  'pg',
  'fastify',
  'pino',
  'graphql',
  '@pothos/*',
  '@trunkline/platform',
];
const IMPURE_PATHS = ['node:*', '**/server/**', '**/server.ts', '@trunkline/*/server', '**/generated/**'];
const IMPURE_GLOBALS = ['process', 'fetch', 'performance', 'crypto', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'];

export default [
  { ignores: ['**/dist', '**/generated', 'node_modules', '.nx', '.data', 'coverage'] },
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    rules: { '@nx/enforce-module-boundaries': boundaries() },
  },
  {
    files: ['{apps,libs}/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', UNSAFE_SQL, ENVIRONMENT],
      'no-restricted-imports': ['error', { paths: ['process', 'node:process'] }],
    },
  },
  {
    files: ['apps/*/config.ts', 'apps/*/src/config.ts', 'apps/edge/agent/config.ts', 'libs/testing/src/**/*.ts', ...TESTS],
    rules: { 'no-restricted-syntax': ['error', UNSAFE_SQL] },
  },
  {
    files: ['libs/*/src/core/**/*.ts', 'libs/kernel/src/**/*.ts', 'libs/edge-core/src/**/*.ts'],
    ignores: [...TESTS, 'libs/kernel/src/clock.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: [...IMPURE_PACKAGES, ...IMPURE_PATHS], message: 'this code is pure: no framework, no input or output' }] },
      ],
      'no-restricted-globals': ['error', ...IMPURE_GLOBALS],
      'no-restricted-syntax': ['error', UNSAFE_SQL, ENVIRONMENT, OWN_TIME],
    },
  },
  {
    files: [...TESTS, 'tools/**/*.ts'],
    rules: { '@nx/enforce-module-boundaries': boundaries([tag('testing')], [API_HARNESS]) },
  },
];
