import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Clock } from '@trunkline/kernel';
import { createHttpApp, openApiDocument, serveReference } from '@trunkline/platform';
import { AppModule } from './app.module.ts';
import type { ApiConfig } from './config.ts';
import { problemCodes } from './error-codes.ts';
import { openApiWebhooks } from './openapi-webhooks.ts';

/** The API, ready to listen: used by the process and by its tests alike. */
export const createApi = async (config: ApiConfig, clock?: Clock): Promise<NestFastifyApplication> => {
  const app = await createHttpApp(AppModule.of(config, clock), config.TRUSTED_PROXIES);
  serveReference(app, openApiDocument(app, '0.1.0', problemCodes(), openApiWebhooks()));
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
};
