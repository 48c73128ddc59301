import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Clock } from '@trunkline/kernel';
import { Log } from '@trunkline/platform';
import type { WorkerConfig } from './config.ts';
import { WorkerModule } from './worker.module.ts';

/** The worker at work: used by the process and by its tests alike. */
export const createWorker = async (config: WorkerConfig, clock?: Clock): Promise<INestApplicationContext> => {
  const app = await NestFactory.createApplicationContext(WorkerModule.of(config, clock), { bufferLogs: true, abortOnError: false });
  app.useLogger(app.get(Log));
  return app;
};
