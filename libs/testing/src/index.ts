export { createTestDatabase } from './database.ts';
export type { TestDatabase } from './database.ts';
export { FakeAgent } from './fake-agent.ts';
export { FakeClock } from './fake-clock.ts';
export { TEST_ENCRYPTION_KEY, createTestContext } from './test-context.ts';
export { startStripeEmulator } from './stripe-emulator/start-stripe-emulator.ts';
export type { StripeEmulator, StripeEmulatorOptions } from './stripe-emulator/start-stripe-emulator.ts';
export type { FaultProfile } from './stripe-emulator/webhook-sender.ts';
export * from './sip/index.ts';
