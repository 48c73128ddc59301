import config from './jest.config.mjs';

// What runs against Stripe itself. Apart from the other projects, so that no pattern of `npm test` can reach it.
const [unit] = config.projects;
const { testPathIgnorePatterns: _, ...base } = unit;
export default {
  ...base,
  displayName: 'stripe sandbox',
  testMatch: ['<rootDir>/libs/billing/test/*.sandbox.ts'],
  testTimeout: 120_000,
  maxWorkers: 1, // a sandbox takes 25 requests a second
};
