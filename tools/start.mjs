// `npm start`: everything that an installation needs on one machine, from the packages to the first call, in one process tree.
//   npm start -- --no-demo    without the demo tenant and its first call
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
const { start } = await import('./installation.mjs');
await start(process.argv.slice(2));
