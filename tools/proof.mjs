// `npm run proof`: plays the rows of the fault plan (docs/proof.md) in their full form, one after the other, and prints of each what was
// injected, what was counted and the verdict.   npm run proof -- 1 9   plays these rows alone.
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
const { playRows } = await import('./play-rows.mjs');
process.exitCode = await playRows(process.argv.slice(2).map(Number));
