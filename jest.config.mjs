import { readFileSync } from 'node:fs';

const swc = JSON.parse(readFileSync(new URL('.swcrc', import.meta.url), 'utf8'));
delete swc.jsc.rewriteRelativeImportExtensions; // Jest loads the sources, so `./x.ts` must stay `./x.ts`
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@trunkline/source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { ...swc, swcrc: false }] },
  setupFiles: ['reflect-metadata'],
  modulePathIgnorePatterns: ['<rootDir>/.data', '<rootDir>/.nx'],
};
const withDatabase = { globalSetup: './tools/jest/global-setup.mjs', globalTeardown: './tools/jest/global-teardown.mjs' };
/** Specs that have to do with jobs: they run once with the queues in Postgres and once more with Redis. */
const WITH_JOBS = [
  '<rootDir>/libs/platform/src/jobs/jobs.db.spec.ts',
  '<rootDir>/libs/platform/src/outbox/queue-repair.db.spec.ts',
  '<rootDir>/apps/worker/test/{edge-sync,held-job,process}.spec.ts',
  '<rootDir>/apps/worker/test/scenarios/*.spec.ts',
];
export default {
  testTimeout: 120_000,
  // modules of a spec stay in memory after it (Node's vm modules): a process that grew gives way to a new one
  workerIdleMemoryLimit: '1500MB',
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/libs/*/src/**/*.spec.ts', '<rootDir>/apps/cli/src/**/*.spec.ts', '<rootDir>/tools/**/*.spec.ts'],
      testPathIgnorePatterns: ['\\.db\\.spec\\.ts$'],
    },
    { ...base, ...withDatabase, displayName: 'db', testMatch: ['<rootDir>/libs/*/src/**/*.db.spec.ts'] },
    {
      ...base,
      ...withDatabase,
      displayName: 'api',
      testMatch: ['<rootDir>/apps/{api,cli,worker}/test/**/*.spec.ts'],
    },
    { ...base, ...withDatabase, displayName: 'redis', setupFiles: [...base.setupFiles, './tools/jest/on-redis.mjs'], testMatch: WITH_JOBS },
    { ...base, ...withDatabase, displayName: 'edge', testMatch: ['<rootDir>/apps/edge/test/**/*.spec.ts'] },
  ],
};
