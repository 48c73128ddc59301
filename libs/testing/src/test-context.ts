import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext, ModuleMetadata } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import { PlatformModule } from '@trunkline/platform';
import type { TestDatabase } from './database.ts';

/** 32 zero bytes: only tests may seal with it. */
export const TEST_ENCRYPTION_KEY = Buffer.alloc(32).toString('base64');

/** The platform wired to a test database, with the domains under test: their use cases by `get(Class)`, no HTTP. `jobs`: where the queues are, when it runs jobs. */
export const createTestContext = async (
  database: Omit<TestDatabase, 'drop'>,
  imports: NonNullable<ModuleMetadata['imports']>,
  clock?: Clock,
  jobs?: { readonly redisUrl: string | undefined },
): Promise<INestApplicationContext> => {
  const platform = PlatformModule.of({
    service: 'test',
    logLevel: 'silent',
    database: { appUrl: database.appUrl, systemUrl: database.systemUrl, poolMax: 5 },
    jobs: { databaseUrl: database.systemUrl, redisUrl: jobs?.redisUrl, work: jobs !== undefined },
    encryptionKey: TEST_ENCRYPTION_KEY,
    clock,
  });
  class TestModule {}
  return NestFactory.createApplicationContext(
    { module: TestModule, imports: [platform, ...imports] },
    { logger: false, abortOnError: false },
  );
};
