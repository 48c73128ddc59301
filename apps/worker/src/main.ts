import 'reflect-metadata';
import { Log, UnfitQueue, endWithin } from '@trunkline/platform';
import { readConfig } from './config.ts';
import { createWorker } from './create-worker.ts';
import { HealthServer } from './health-server.ts';

const config = readConfig();
const app = await createWorker(config).catch((error: unknown) => {
  console.error(error instanceof UnfitQueue ? error.message : error);
  process.exit(1);
});
endWithin(18_000);
app.enableShutdownHooks([], { useProcessExit: true });
if (config.WORKER_HEALTH_PORT > 0) await app.get(HealthServer).listen(config.WORKER_HEALTH_HOST, config.WORKER_HEALTH_PORT);
app.get(Log).info({ roles: config.WORKER_ROLES }, 'worker is at work');
