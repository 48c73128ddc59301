import 'reflect-metadata';
import { writeFileSync } from 'node:fs';
import { Log, endWithin } from '@trunkline/platform';
import { BootstrapOperator } from '@trunkline/tenancy/server';
import { readConfig } from './config.ts';
import { createApi } from './create-api.ts';

const config = readConfig();
const app = await createApi(config);
endWithin(18_000);
app.enableShutdownHooks([], { useProcessExit: true });

const operatorKey = await app.get(BootstrapOperator).execute();
if (operatorKey && config.OPERATOR_KEY_FILE) writeFileSync(config.OPERATOR_KEY_FILE, `${operatorKey}\n`, { mode: 0o600 });
else if (operatorKey) process.stdout.write(`The operator's key, shown this once: ${operatorKey}\n`);

await app.listen(config.API_PORT, config.API_HOST);
app.get(Log).info({ url: await app.getUrl() }, 'api is listening');
