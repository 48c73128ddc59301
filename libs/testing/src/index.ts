export { createTestDatabase } from './database.ts';
export type { TestDatabase } from './database.ts';
export { FakeClock } from './fake-clock.ts';
export { TEST_ENCRYPTION_KEY, createTestContext } from './test-context.ts';
