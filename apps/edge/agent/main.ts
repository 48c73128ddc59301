import { Agent } from './agent.ts';
import { fromEnvironment } from './config.ts';
import { log, reasonOf } from './log.ts';

const fail = (error: unknown): never => {
  log('error', 'edge agent ends', { reason: reasonOf(error) });
  process.exit(1);
};

process.umask(0o077); // the data folder holds password hashes and the edge's key
try {
  const agent = new Agent(fromEnvironment());
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => void agent.stop().then(() => process.exit(0), fail));
  await agent.start().catch(async (error: unknown) => {
    await agent.stop();
    fail(error);
  });
} catch (error) {
  fail(error);
}
